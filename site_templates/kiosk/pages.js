/* Long texts as pages, with their markup: cut at sentences, never scrolled or shrunk. */

import { read } from "./markup.js";
import { CLAUSE, UNIT, counted, cut, holds, sentences } from "./reading.js";

const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, dt, dd, pre, blockquote, figcaption, caption, div";
const HEADINGS = "h1, h2, h3, h4, h5, h6, dt, caption";
const PICTURES = "figure, img, svg";
const WHOLE = `tr, ${PICTURES}`;
const SHORTEST = 4;   // letters; what does not fit even so is shown as it is

/**
 * A part of the text that stays together: a sentence, a row of a table, or a picture with its caption. One of text
 * alone knows its `nodes`, and where in them it begins; what `leads` stays with what follows, and so does a `half`.
 * @typedef {{text: string, start: [Node, number], end: [Node, number], picture: boolean, leads: boolean,
 *   half?: boolean, nodes?: Text[], from?: number}} Part
 */

/**
 * A notice's text as pages. A table goes on with its head, a list with its number, a picture has a page of its own.
 * @param {string} html  as the board shows it
 * @param {(page: DocumentFragment) => boolean} fits  whether the slide has room for it
 * @returns {DocumentFragment[]}  at least one; `broken`: it ends with what is not whole without the next
 */
export function paged(html, fits, standard) {
  const root = read(html);
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
      const ends = page.findLastIndex((each) => !each.leads && !each.half) + 1 || page.findLastIndex((each) => each.half) + 1;
      if (ends) {
        const carried = page.splice(ends);   // a heading stays with its text, and a sentence together where it can
        close();
        parts.unshift(...carried, part);
      } else if (halves(part)) parts.unshift(...halves(part));
      else page.push(part);
    }
  }
  close();
  const made = (all) => Object.assign(copy(root, all), { broken: all.at(-1).half || all.at(-1).leads });
  return pages.length ? pages.map(made) : [document.createDocumentFragment()];
}

/** The text without the pictures that would have a page of their own, unless there is nothing else. */
export function wordsAlone(html) {
  const root = read(html);
  for (const picture of root.querySelectorAll(PICTURES)) if (!picture.closest("table")) picture.remove();
  return root.textContent.trim() ? root.innerHTML : html;
}

/** What breaks off in the middle of a sentence says so. */
export function breakOff(page) {
  const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  let last = null;
  while (texts.nextNode()) if (texts.currentNode.data.trim()) last = texts.currentNode;
  const [, words] = /^(.*[^，、,：:\s])[，、,：:\s]*$/su.exec(last?.data ?? "") ?? [];
  if (!words || /[。！？；.!?;…][”’"'）)」』】]*\s*$/u.test(last.data)) return;
  last.data = words + (/\p{Script=Han}$/u.test(words) ? "……" : "…");
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
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(WHOLE)) {
      flush();
      const picture = node.matches(PICTURES);
      if (picture || (says(node) && !repeated(node))) parts.push({ ...whole(node), picture });
      node = after(walker, node);
      continue;
    }
    if (node.nodeName === "BR") flush();
    else if (node.nodeType === Node.TEXT_NODE) {
      const own = node.parentElement.closest(BLOCKS) ?? root;
      if (own !== block) flush();
      block = own;
      nodes.push(node);
    }
    node = walker.nextNode();
  }
  flush();
  return parts;
}

/** Whether there is anything to be seen in an element. */
const says = (element) => Boolean(element.textContent.trim() || element.querySelector(PICTURES));

/** Whether a row is in the head of a table that has others: it comes with each of them. */
const repeated = (row) => Boolean(row.closest("thead") && [...row.closest("table").tBodies].some(says));

function after(walker, node) {
  let next = walker.nextNode();
  while (next && node.contains(next)) next = walker.nextNode();
  return next;
}

/** The sentences of a block; a heading whole, and an item of a list if a page holds it. */
function blockParts(block, nodes, standard) {
  const text = nodes.map((node) => node.data).join("");
  if (!text.trim()) return [];
  if (block.matches(HEADINGS)) return [{ ...between(nodes, 0, text.length), leads: true }];
  if (block.matches("li") && holds(counted(text), standard)) return [between(nodes, 0, text.length)];
  const flowing = block.matches("pre") ? text : text.replace(/\n/g, " ");   // elsewhere a line's end is a space
  let from = 0;
  return sentences(flowing).flatMap((sentence) => cut(sentence, standard).map((piece, i, all) => {
    from += piece.length;
    const leads = from === text.length && /[：:]\s*$/u.test(piece);
    return { ...between(nodes, from - piece.length, from), leads, half: i < all.length - 1 };
  })).filter((part) => part.text.trim());
}

/** An element as a part, with cells that are empty. */
function whole(element) {
  const at = [...element.parentNode.childNodes].indexOf(element);
  const [start, end] = [[element.parentNode, at], [element.parentNode, at + 1]];
  return { text: element.textContent, start, end, picture: false, leads: false };
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

/** What a slide has no room for, in two: at a sentence's end, else at a comma, else between words, next to the middle. */
function halves(part) {
  if (!part.nodes || part.leads || part.text.trim().length < 2 * SHORTEST) return null;
  const middle = part.text.length / 2;
  const nearest = (spots) => spots
    .filter((spot) => spot >= SHORTEST && spot <= part.text.length - SHORTEST)
    .sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0];
  const ends = (pieces) => pieces.map((_, i) => pieces.slice(0, i + 1).join("").length);
  const spot = nearest(ends(sentences(part.text))) ?? nearest(ends(part.text.match(CLAUSE)))
    ?? nearest([...part.text.matchAll(UNIT)].map((match) => match.index));
  if (spot === undefined) return null;
  return [
    { ...between(part.nodes, part.from, part.from + spot), half: true },
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
