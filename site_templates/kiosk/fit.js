/** How a notice is set on this very screen: how closely, on how many pages. Everything is measured, nothing guessed. */

import { breakOff, paged, wordsAlone } from "./pages.js";
import { crowded, draw, textOf } from "./slide.js";

const LINES = 3; // text beside the facts has room for as many lines, or pages of its own
const CLOSEST = 4;
const SCALES = [1, 1.1, 1.2, 1.3, 1.4]; // text grows as far as that costs no further page; it never shrinks

/** The pages of a notice, for `draw`.

`notice` is `{entry, role, languages, shares, most}`; languages that stand side by side are given together, in turn one
by one. Where two together find no room, or need more pages than one after the other, they come one after the other.
Of more pages than `most` (Infinity: all) only the first are there, of words rather than pictures, and one more where
these have no text yet or end within a sentence; the last of them says so: `more`. So does a page of which something is cut off, because it cannot be parted.
`stage` is an empty element of the stage's size, out of sight. The result is never empty.
*/
export function laidOut(notice, context, stage) {
  let pages = fewest(notice, context, stage);
  if (notice.languages.length > 1) {
    const apart = notice.languages.flatMap((language) => fewest({ ...notice, languages: [language] }, context, stage));
    if (pages.length > apart.length || !pages.fit) pages = apart;
  }
  stage.replaceChildren();
  return pages;
}

/** The pages in the languages given, at most as many as may be. */
function fewest(notice, context, stage) {
  let { pages, fit } = inFewerPages(notice, context, stage);
  const more = pages.length > shown(pages, notice);
  if (more) ({ pages, fit } = inFewerPages({ ...notice, more }, context, stage));   // what says so needs its room
  const count = shown(pages, notice);
  const those = pages.slice(0, count)
    .map((page, index) => ({ ...notice, ...page, page: index, pages: count, more: page.more || (more && index === count - 1) }));
  if (more && count < pages.length) those.at(-1).fragments.forEach(breakOff);
  return Object.assign(those, { fit });
}

/** How many pages are shown. */
function shown(pages, { most }) {
  const count = Math.min(pages.length, most), { fragments } = pages[count - 1];
  const whole = fragments.length && !fragments.some(({ broken }) => broken);
  return whole ? count : Math.min(pages.length, count + 1);
}

/** All pages, in the way that takes fewer. */
function inFewerPages(notice, context, stage) {
  if (crowded(notice) || notice.shares > 2) return factsOnly(notice, context, stage);
  const whole = notice.languages.map((language) => textOf(notice, language, context.settings.root));
  const html = notice.more ? whole.map(wordsAlone) : whole;
  const beside = factsBesideText(notice, html, context, stage);
  if (!stage.querySelector("[data-stacked]") || beside.whole) return beside;
  const before = factsBeforeText(notice, html, context, stage);
  return !beside.fit || shown(before.pages, notice) < shown(beside.pages, notice) ? before : beside;
}

/** Facts and text on every page. */
function factsBesideText(notice, html, context, stage) {
  let tight = 0, room;
  do room = spaceFor({ ...notice, cover: false, page: 0, pages: 2, tight }, context, stage);
  while (!(room.tidy && room.enough) && tight++ < CLOSEST);
  tight = Math.min(tight, CLOSEST);
  const { scale, texts, cut } = packed(html, room, notice, context, stage);
  const whole = room.tidy && pagesOf(texts) === 1 && texts.every(([only], index) => room.fits[index](only));
  return { pages: asPages(texts, cut, { scale, tight, cover: false }), whole, fit: room.tidy && room.enough };
}

/** First a page with the facts, then the text. */
function factsBeforeText(notice, html, context, stage) {
  const { pages: [first], fit } = factsOnly(notice, context, stage);
  let tight = 0, room;
  do room = spaceFor({ ...notice, cover: true, page: 1, pages: 2, tight }, context, stage);
  while (!room.tidy && tight++ < CLOSEST);
  tight = Math.min(tight, CLOSEST);
  const { scale, texts, cut } = packed(html, room, notice, context, stage);
  return { pages: [first, ...asPages(texts, cut, { scale, tight, cover: true })], fit: fit && room.tidy && room.enough };
}

/** The facts alone, on one page. */
function factsOnly(notice, context, stage) {
  let tight = 0;
  do stage.replaceChildren(drawn({ ...notice, cover: true, page: 0, pages: 2, tight }, context));
  while (overflows(stage) && tight++ < CLOSEST);
  return { pages: [{ fragments: [], scale: 1, tight: Math.min(tight, CLOSEST), cover: true }], fit: tight <= CLOSEST };
}

/** The text on as few pages as it takes, as large as that allows; where some are not shown, as much as these hold. */
function packed(html, { fits, cuts }, { more }, context, stage) {
  const set = (scale) => stage.querySelectorAll(".sheet").forEach((box) => box.style.setProperty("--scale", scale));
  const attempt = (scale) => {
    set(scale);
    return html.map((each, index) => paged(each, more ? withDots(fits[index]) : fits[index], context.settings.standard));
  };
  let scale = SCALES[0], texts = attempt(scale);
  for (const larger of more ? [] : SCALES.slice(1)) {
    const tried = attempt(larger);
    if (pagesOf(tried) > pagesOf(texts)) break;
    [scale, texts] = [larger, tried];
  }
  set(scale);
  const cut = new Set(texts.flatMap((pages, index) => pages.filter(cuts[index])));
  return { scale, texts, cut };
}

const withDots = (fits) => (fragment) => {
  const page = fragment.cloneNode(true);
  breakOff(page);
  return fits(page);
};

/** Page by page; a language that needs fewer stays on its last. */
const asPages = (texts, cut, how) => Array.from({ length: pagesOf(texts) }, (_, page) => {
  const fragments = texts.map((each) => each[page] ?? each.at(-1));
  return { ...how, fragments, more: fragments.some((each) => cut.has(each)) };
});

const pagesOf = (texts) => Math.max(1, ...texts.map((pages) => pages.length));

/** Room for text, and for each language the questions whether a fragment fits into it, and whether it cuts it off, which
a picture with a page of its own never is. */
function spaceFor(page, context, stage) {
  const fragments = page.languages.map(() => document.createDocumentFragment());
  stage.replaceChildren(drawn({ ...page, fragments }, context));
  const boxes = [...stage.querySelectorAll(".text")];
  const fits = boxes.map((box) => (fragment) => {
    box.replaceChildren(fragment.cloneNode(true));
    return box.scrollHeight <= box.clientHeight + 1;
  });
  const cuts = boxes.map((box, index) => (fragment) =>
    (!fits[index](fragment) || box.scrollWidth > box.clientWidth + 1) && !box.querySelector(":scope > :is(p, figure) > img"));
  const line = parseFloat(getComputedStyle(boxes[0]).lineHeight);
  return { fits, cuts, tidy: !overflows(stage), enough: boxes.every((box) => box.clientHeight >= LINES * line) };
}

/** As it will be on the screen, with as many beside it as share the screen. */
function drawn(page, context) {
  return draw({ role: page.role, notices: Array(page.shares ?? 1).fill(page) }, context);
}

/** Whether anything but running text, which is cut into pages, reaches beyond its sheet. */
function overflows(stage) {
  return [...stage.querySelectorAll(".sheet")].some((box) => {
    const parts = [...box.querySelectorAll(".badge, .title, .state, .facts, .foot")];
    return parts.some((part) => {
      const { bottom } = part.closest(".tongue, .sheet").getBoundingClientRect();
      const padding = parseFloat(getComputedStyle(part.closest(".aside, .words, .tongue, .sheet")).paddingBottom);
      return part.getBoundingClientRect().bottom > bottom - padding + 1;
    });
  });
}
