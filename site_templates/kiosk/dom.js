/** Elements and icons, made without ever reading markup from a string. */

export function make(tag, className = "", content = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...[content].flat().filter((part) => part || part === 0));
  return element;
}

/** An icon of the page's sprite by its name in Material's set. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg.namespaceURI, "use");
  use.setAttribute("href", `#${name.replace("/", "-")}`);
  svg.append(use);
  return svg;
}

/** The icon of a kind, as the design tokens name it. */
export function kindIcon(kind, subtype) {
  const tokens = getComputedStyle(document.documentElement);
  const named = (name) => tokens.getPropertyValue(`--icon-${name}`).trim().replaceAll('"', "");
  return icon((subtype && named(`${kind}-${subtype}`)) || named(kind) || "material/bulletin-board");
}

/** The QR code that the manifest describes; black on white whatever lies around it. */
export function code({ size, path }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "code");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const drawing = document.createElementNS(svg.namespaceURI, "path");
  drawing.setAttribute("d", path);
  svg.append(drawing);
  return svg;
}

/** Words with what stands in braces filled in. */
export function fill(text, values) {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), text);
}
