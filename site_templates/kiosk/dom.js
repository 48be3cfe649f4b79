/** Elements, icons and texts, made without ever reading markup from a string. */

import { correction, generate } from "./lean-qr.js";

export function make(tag, className = "", content = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...[content].flat().filter((part) => part || part === 0));
  return element;
}

const DRAWINGS = new URL("icons.svg", import.meta.url);

/** An icon by its name in Material's set. */
export function icon(name) {
  return drawn("icon", "0 0 24 24", "use", "href", `${DRAWINGS}#${name.replace("/", "-")}`);
}

/** The estate's seal. */
export function seal() {
  return drawn("seal", "0 0 40 40", "use", "href", `${DRAWINGS}#seal`);
}

/** The icon of a kind, as the design tokens name it. */
export function kindIcon(kind, subtype) {
  const tokens = getComputedStyle(document.documentElement);
  const named = (name) => tokens.getPropertyValue(`--icon-${name}`).trim().replaceAll('"', "");
  return icon((subtype && named(`${kind}-${subtype}`)) || named(kind) || "material/bulletin-board");
}

const QUIET = 4;   // modules that a code needs on each side
const CODES = new Map();   // laying a notice out draws it several times

/** An address as a QR code, of which a seventh may be covered; black on white whatever lies around it. */
export function code(address) {
  if (CODES.size > 200) CODES.clear();
  if (!CODES.has(address)) CODES.set(address, encoded(address));
  const [size, dark] = CODES.get(address);
  const svg = drawn("code", `0 0 ${size} ${size}`, "path", "d", dark);
  svg.setAttribute("shape-rendering", "crispEdges");
  return svg;
}

function encoded(address) {
  const found = generate(address, { minCorrectionLevel: correction.M });
  let dark = "";
  for (let y = 0; y < found.size; y++) {
    for (let x = 0, end; x < found.size; x = end) {
      for (end = x + 1; end < found.size && found.get(end, y) === found.get(x, y);) end++;
      if (found.get(x, y)) dark += `M${x + QUIET} ${y + QUIET}h${end - x}v1h${x - end}z`;
    }
  }
  return [found.size + 2 * QUIET, dark];
}

function drawn(name, box, tag, attribute, value) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", name);
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(svg.namespaceURI, tag));
  svg.firstChild.setAttribute(attribute, value);
  return svg;
}

/** Words with what stands in braces filled in. */
export function fill(text, values) {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), text);
}

const WORDS = globalThis.Intl.Segmenter && new Intl.Segmenter("zh", { granularity: "word" });
const HAN = /\p{Script=Han}$/u;
const TIED = /\d\p{Script=Han}$|[与及和或对在为向从将把被由至到]$/u;   // to what follows: "1号" to "电梯"

/** Text with the places where a line of Chinese may break: between words, and never before a character of its
own. Where lines are to break there only, `word-break: keep-all` sees to it. */
export function phrased(text) {
  const parts = [];
  let said = "";
  const tied = text.replace(/(?<=\p{Script=Latin}) (?=\d)/gu, "\u00a0");   // "Tower 1"
  for (const { segment, isWordLike } of WORDS?.segment(tied) ?? [{ segment: tied }]) {
    const word = isWordLike && (segment.length > 1 || !HAN.test(segment));
    if (word && HAN.test(said) && !TIED.test(said)) parts.push(make("wbr"));
    parts.push(segment);
    said += segment;
  }
  return parts;
}
