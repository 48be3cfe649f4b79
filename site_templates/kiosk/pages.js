/* Long texts as pages: cut at sentences, never scrolled or shrunk. How sentences are found and packed is decided the
   same by the generator (core/screens.py); both are held to tests/cases/screens.json. */

import { UNIT, counted } from "./round.js";

/* ── sentences ── */

const ENDS = "。！？!?；;…";
const CLOSES = "”’\"')）\\]】》〉」』〕}";
const SPACE = "[ \\t\\n\\u00a0\\u3000]";
const SENTENCE = new RegExp(
  `.+?(?:[${ENDS}][${ENDS}${CLOSES}]*${SPACE}*|\\.[${CLOSES}]*(?:${SPACE}+|$)|\\n${SPACE}*|$)`, "gsu");
const CLAUSE = new RegExp(`.+?(?:[，、：]${SPACE}*|[,:]${SPACE}+|$)`, "gsu");

/** `text` as its sentences, each with the space after it; together they are the text. */
export const sentences = (text) => text.match(SENTENCE) ?? [];

/** Whether a page holds both; in whole numbers, so that nothing is rounded at the limit. */
const holds = ([characters, words], standard) =>
  characters * standard.words + words * standard.characters <= standard.characters * standard.words;

/** A sentence in pieces that a page holds: cut at commas, then between any words. */
function cut(sentence, standard) {
  if (holds(counted(sentence), standard)) return [sentence];
  return (sentence.match(CLAUSE) ?? []).flatMap((clause) => hardCut(clause, standard));
}

function hardCut(clause, standard) {
  const pieces = [];
  let start = 0, characters = 0, words = 0;
  for (const match of clause.matchAll(UNIT)) {
    const word = match[1] === undefined ? 0 : 1;
    if (!holds([characters + 1 - word, words + word], standard)) {
      pieces.push(clause.slice(start, match.index));
      start = match.index;
      characters = words = 0;
    }
    characters += 1 - word;
    words += word;
  }
  return [...pieces, clause.slice(start)];
}

/**
 * Sentences on pages, as many on each as it holds.
 * @param {string[]} texts
 * @returns {string[][]}
 */
export function packed(texts, standard) {
  const pages = [];
  let load = [0, 0];
  for (const part of texts.flatMap((text) => cut(text, standard))) {
    const more = counted(part);
    const sum = [load[0] + more[0], load[1] + more[1]];
    const room = pages.length > 0 && holds(sum, standard);
    if (room) pages.at(-1).push(part);
    else pages.push([part]);
    load = room ? sum : more;
  }
  return pages;
}

/* ── a text with its markup ── */

const BLOCKS = "p, li, tr, h1, h2, h3, h4, h5, h6, dt, dd, pre, blockquote, figcaption, caption, div";
const HEADINGS = "h1, h2, h3, h4, h5, h6, dt, caption";
const PICTURES = "figure, img, svg";
const SHORTEST = 4;   // letters; what does not fit even so is shown as it is

/**
 * A part of the text that stays together: a sentence, a row of a table, or a picture with its caption.
 * @typedef {{text: string, start: [Node, number], end: [Node, number], picture: boolean, leads: boolean}} Part
 */

/**
 * A notice's text as pages. A table goes on with its head, a list with its number, a picture has a page of its own.
 * @param {string} html  as the board shows it
 * @param {(page: DocumentFragment) => boolean} fits  whether the slide has room for it
 * @returns {DocumentFragment[]}  at least one
 */
export function paged(html, fits, standard) {
  const root = document.createElement("template").content.ownerDocument.createElement("div");
  root.innerHTML = html;
  numberLists(root);
  const parts = partsOf(root, standard);
  const pages = [];
  let page = [];

  const close = () => {
    if (page.length) pages.push(page);
    page = [];
  };
  const roomFor = (all) => {
    const load = all.map((part) => counted(part.text)).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    return holds(load, standard) && fits(copy(root, all));
  };
  while (parts.length) {
    const part = parts.shift();
    if (part.picture) {
      close();
      pages.push([part]);
    } else if (roomFor([...page, part])) {
      page.push(part);
    } else {
      const heads = page.length - (page.findLastIndex((each) => !each.leads) + 1);
      if (heads < page.length) {
        const carried = page.splice(page.length - heads);   // a heading stays with its text
        close();
        parts.unshift(...carried, part);
      } else if (halves(part)) parts.unshift(...halves(part));
      else page.push(part);
    }
  }
  close();
  return pages.length ? pages.map((each) => copy(root, each)) : [document.createDocumentFragment()];
}

/** A list that goes on has to know its number. */
function numberLists(root) {
  for (const list of root.querySelectorAll("ol")) {
    const first = list.start;
    [...list.children].filter((item) => item.matches("li")).forEach((item, i) => { item.value = first + i; });
  }
}

/** @returns {Part[]} */
function partsOf(root, standard) {
  const parts = [];
  let block = null, nodes = [];

  const flush = () => {
    parts.push(...blockParts(block, nodes, standard));
    nodes = [];
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node) {
    const picture = node.nodeType === Node.ELEMENT_NODE && node.matches(PICTURES) && !node.closest("table");
    if (picture) {
      flush();
      const at = [...node.parentNode.childNodes].indexOf(node);
      const ends = [[node.parentNode, at], [node.parentNode, at + 1]];
      parts.push({ text: node.textContent, start: ends[0], end: ends[1], picture: true, leads: false });
      node = after(walker, node);
      continue;
    }
    if (node.nodeName === "BR") flush();
    else if (node.nodeType === Node.TEXT_NODE && !repeated(node)) {
      const own = node.parentElement.closest("tr") ?? node.parentElement.closest(BLOCKS) ?? root;
      if (own !== block) flush();
      block = own;
      nodes.push(node);
    }
    node = walker.nextNode();
  }
  flush();
  return parts;
}

/** Whether a text is in the head of a table that has rows: it comes with each of them. */
function repeated(text) {
  return Boolean(text.parentElement.closest("thead") && text.parentElement.closest("table").tBodies.length);
}

function after(walker, node) {
  let next = walker.nextNode();
  while (next && node.contains(next)) next = walker.nextNode();
  return next;
}

/** The sentences of a block, or the row of a table whole. */
function blockParts(block, nodes, standard) {
  const text = nodes.map((node) => node.data).join("");
  if (!text.trim()) return [];
  const leads = block.matches(HEADINGS);
  if (block.matches("tr, pre") || leads) {
    const last = nodes.at(-1);
    return [{ text, nodes, start: [nodes[0], 0], end: [last, last.length], picture: false, leads }];
  }
  const flowing = text.replace(/\n/g, " ");   // a line's end in HTML is a space
  let from = 0;
  return sentences(flowing).flatMap((sentence) => cut(sentence, standard)).map((piece) => {
    from += piece.length;
    return between(nodes, from - piece.length, from);
  }).filter((part) => part.text.trim());
}

/** The part of a block's text from one offset to another. */
function between(nodes, from, to) {
  const text = nodes.map((node) => node.data).join("").slice(from, to);
  return { text, nodes, from, start: at(nodes, from, true), end: at(nodes, to, false), picture: false, leads: false };
}

function at(nodes, offset, beginning) {
  let left = offset;
  for (const node of nodes) {
    if (left < node.length || (!beginning && left === node.length)) return [node, left];
    left -= node.length;
  }
  return [nodes.at(-1), nodes.at(-1).length];
}

/** What a slide has no room for, in two: at the comma nearest to the middle, or between words there. */
function halves(part) {
  if (part.from === undefined || part.text.trim().length < 2 * SHORTEST) return null;
  const ends = (found, length) => [...found].map((match) => match.index + length(match));
  const middle = part.text.length / 2;
  const nearest = (spots) => spots
    .filter((spot) => spot >= SHORTEST && spot <= part.text.length - SHORTEST)
    .sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0];
  const spot = nearest(ends(part.text.matchAll(CLAUSE), (match) => match[0].length))
    ?? nearest(ends(part.text.matchAll(UNIT), () => 0));
  if (spot === undefined) return null;
  return [
    between(part.nodes, part.from, part.from + spot),
    between(part.nodes, part.from + spot, part.from + part.text.length),
  ];
}

/** These parts, which follow one another, with the markup around them. */
function copy(root, parts) {
  const range = document.createRange();
  range.setStart(...parts[0].start);
  range.setEnd(...parts.at(-1).end);
  let fragment = range.cloneContents();
  const common = range.commonAncestorContainer;
  for (let each = common.nodeType === Node.TEXT_NODE ? common.parentNode : common; each !== root; each = each.parentNode) {
    const shell = each.cloneNode(false);
    shell.append(fragment);
    fragment = document.createDocumentFragment();
    fragment.append(shell);
  }
  repeatHead(root, parts, fragment);
  for (const empty of fragment.querySelectorAll("p:empty, li:empty, ul:empty, ol:empty, tbody:empty")) empty.remove();
  const adopted = document.createDocumentFragment();
  adopted.append(document.importNode(fragment, true));
  return adopted;
}

/** A table that goes on has its head again. */
function repeatHead(root, parts, fragment) {
  const first = parts[0].start[0];
  const table = (first.nodeType === Node.TEXT_NODE ? first.parentElement : first).closest("table");
  const head = table?.tHead;
  const copied = fragment.querySelector("table");
  if (head && copied && !copied.tHead) copied.insertBefore(head.cloneNode(true), copied.querySelector("tbody, tr"));
}
