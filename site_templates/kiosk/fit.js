/** How a notice is set on this very screen: how closely, on how many pages. Everything is measured, nothing guessed. */

import { paged } from "./pages.js";
import { draw } from "./slide.js";

const LINES = 3; // text that begins beside the facts has room for as many lines, or begins on the next page
const CLOSEST = 3;

/** The pages of a notice, for `draw`.

`notice` is `{entry, role, languages, shares}`; languages that stand side by side are given together, in turn one by one.
`stage` is an empty element of the stage's size, out of sight. The result is never empty.
*/
export function laidOut(notice, context, stage) {
  const facts = { ...notice, fragments: [], page: 0, pages: 1 };
  const html = notice.languages.map((language) => notice.entry.html[language] ?? "");
  const room = (cover, tight) => spaceFor({ ...facts, cover, page: cover ? 1 : 0, pages: 2, tight }, context, stage);

  let tight = 0;
  let beside = room(false, tight);
  while (!beside.enough && tight < CLOSEST) beside = room(false, ++tight);
  const whole = beside.fits.length && beside.fits.every((fits, index) => fits(fragmentOf(html[index])));
  const cover = !beside.enough && !whole;
  if (cover) tight = closestNeeded(facts, context, stage);
  const place = cover ? room(true, 0) : beside;
  const texts = html.map((each, index) => paged(each, place.fits[index], context.settings.standard));
  const count = Math.max(1, ...texts.map((pages) => pages.length));
  const pages = Array.from({ length: count }, (_, page) => texts.map((each) => each[page] ?? each.at(-1) ?? null));
  if (cover && !brief(notice)) pages.unshift([]);
  else if (cover) pages.splice(0, pages.length, []);
  stage.replaceChildren();
  return pages.map((fragments, page) => ({ ...notice, fragments, page, pages: pages.length, cover, tight: cover && page ? 0 : tight }));
}

/** Of many that share the screen each has its facts only; whom to call and the code tell the rest. */
const brief = ({ shares = 1 }) => shares > 2;

/** Room for text, and for each language the question whether a fragment fits into it. */
function spaceFor(page, context, stage) {
  const fragments = page.languages.map(() => document.createDocumentFragment());
  stage.replaceChildren(drawn({ ...page, fragments }, context));
  const boxes = [...stage.querySelectorAll(".text")];
  const fits = boxes.map((box) => (fragment) => {
    box.replaceChildren(fragment.cloneNode(true));
    return box.scrollHeight <= box.clientHeight + 1;
  });
  const line = parseFloat(getComputedStyle(boxes[0]).lineHeight);
  return { fits, enough: !overflows(stage) && boxes.every((box) => box.clientHeight >= LINES * line) };
}

function closestNeeded(facts, context, stage) {
  let tight = 0;
  do stage.replaceChildren(drawn({ ...facts, cover: true, pages: 2, tight }, context));
  while (overflows(stage) && tight++ < CLOSEST);
  return Math.min(tight, CLOSEST);
}

/** As it will be on the screen, with as many beside it as share the screen. */
function drawn(page, context) {
  return draw({ role: page.role, notices: Array(page.shares ?? 1).fill(page) }, context);
}

function overflows(stage) {
  return [...stage.querySelectorAll(".sheet, .aside, .words, .tongue, .foot, .alarm")].some(
    (box) => box.scrollHeight > box.clientHeight + 1 && box.clientHeight > 0,
  );
}

function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
