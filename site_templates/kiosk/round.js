/* In which order a screen shows what it shows. The generator decides the same (core/screens.py); both are held to
   tests/cases/screens.json. */

/** How many notices that take over find room on one screen, lying or upright: what, where, until when, whom to call. */
const TOGETHER = 3;

/**
 * One round. What takes over has the screen for itself; several share it, at most `most` at a time. Else urgent ones
 * are every second slide, outcomes and important ones come twice, and everything comes.
 * @param {{id: string, role: string, slides: number}[]} items
 * @param {number} most
 * @returns {{ids: string[], page: number}[]}
 */
export function round(items, most = TOGETHER) {
  const takeover = items.filter((item) => item.role === "takeover");
  if (takeover.length) return groups(takeover, most).flatMap(sharing);
  const urgent = paged(items.filter((item) => item.role === "urgent"));
  const others = paged(inTurn(items));
  if (!urgent.length || !others.length) return urgent.concat(others);
  return upTo(Math.max(urgent.length, others.length))
    .flatMap((i) => [urgent[i % urgent.length], others[i % others.length]]);
}

/** As few groups as `most` allows, as equal as can be, the larger ones first. */
export function groups(items, most = TOGETHER) {
  const count = Math.ceil(items.length / most);
  const start = (i) => Math.ceil(i * items.length / count);
  return upTo(count).map((i) => items.slice(start(i), start(i + 1)));
}

function sharing(group) {
  const ids = group.map((item) => item.id);
  return upTo(Math.max(...group.map((item) => item.slides))).map((page) => ({ ids, page }));
}

function inTurn(items) {
  const leading = items.filter((item) => item.role === "outcome" || item.role === "important");
  const general = items.filter((item) => item.role === "general");
  if (general.length < 2) return leading.concat(general);
  const half = Math.ceil(general.length / 2);
  return [...leading, ...general.slice(0, half), ...leading, ...general.slice(half)];
}

const upTo = (count) => Array.from({ length: count }, (_, i) => i);
const paged = (items) => items.flatMap((item) => upTo(item.slides).map((page) => ({ ids: [item.id], page })));

export const same = (one, other) => one.page === other.page && one.ids.join() === other.ids.join();

/**
 * Where a changed round goes on: at the slide that is shown if it is still there, else at the first of those that
 * would have followed, else at the beginning.
 */
export function goOn(old, index, fresh) {
  for (const i of upTo(old.length)) {
    const found = fresh.findIndex((slide) => same(slide, old[(index + i) % old.length]));
    if (found >= 0) return found;
  }
  return 0;
}
