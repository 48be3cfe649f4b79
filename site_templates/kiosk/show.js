/* What a screen shows at an instant. The generator decides the same (core/screens.py); both are held to
   tests/cases/screens.json. */

/**
 * Entries of kiosk.json that are shown, in their order, each with its role. A time that is not verified is the
 * earliest that it can be.
 * @param {object[]} notices    entries of kiosk.json
 * @param {string} screen       its id
 * @param {number} now          in ms
 * @param {boolean} verified    whether `now` is known
 * @param {number} silence      seconds since the server was heard
 * @returns {{id: string, role: string}[]}
 */
export function visible(notices, screen, now, verified, silence, standard) {
  const standingOnly = !verified || silence >= standard.standing_after;
  return notices
    .filter((notice) => notice.screens.includes(screen)
      && (!notice.valid_from || past(notice.valid_from, now))
      && !past(notice.leaves, now)
      && (notice.standing || !standingOnly))
    .map((notice) => ({ id: notice.id, role: roleOf(notice, now) }));
}

const past = (instant, now) => Boolean(instant) && Date.parse(instant) <= now;

function roleOf(notice, now) {
  if (notice.outcome) return "outcome";
  if (notice.urgent) return notice.takes_over_until && !past(notice.takes_over_until, now) ? "takeover" : "urgent";
  return ["major", "important"].includes(notice.tone) ? "important" : "general";
}

/** Whether the notice's expected end has passed without an outcome. */
export const overdue = (notice, now) => past(notice.overdue_from, now);

/** The next instant at which time alone changes what is shown, or Infinity. */
export function nextChange(notices, now) {
  const instants = notices.flatMap((each) => [each.valid_from, each.leaves, each.takes_over_until, each.overdue_from]);
  return Math.min(...instants.filter(Boolean).map((instant) => Date.parse(instant)).filter((at) => at > now), Infinity);
}
