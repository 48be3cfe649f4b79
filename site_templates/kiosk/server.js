/* What the server says, and what time it has. */

import { LARGEST, readAtMost } from "./news.js";

const SECOND = 1000;
const BYTES = 3;   // that a character takes, at most

/** How far the date is from the even clock; it changes where one of them leaps. */
const drift = () => Date.now() - performance.now();

/**
 * Asks for a file, as nobody in particular: so no browser ever asks who that is. Fails where there is no good answer.
 * @param {URL} address
 * @param {number} patience  in ms
 * @returns {Promise<{text: string, time: {said: number, before: number, after: number}|null}>}
 *   what time the server had, with what performance.now() showed when it was asked and had answered; null: not known
 */
export async function askServer(address, patience) {
  const [before, slept] = [performance.now(), drift()];
  const answer = await ask(address, patience, { cache: "no-cache" });
  const after = performance.now();
  const text = await (await readAtMost(answer, BYTES * LARGEST)).text();
  const time = ageOf(answer) ? await timeOf(address, patience) : dateOf(answer, before, after);
  return { text, time: Math.abs(drift() - slept) < SECOND ? time : null };
}

/** An answer from a cache on the way has the date of when it was made, or sent, who knows: the server itself is asked. */
async function timeOf(address, patience) {
  const before = performance.now();
  const answer = await ask(`${address}?${Date.now()}`, patience, { method: "HEAD", cache: "no-store" });
  return dateOf(answer, before, performance.now());
}

async function ask(address, patience, how) {
  const answer = await fetch(address, { ...how, credentials: "omit", signal: AbortSignal.timeout(patience) });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

const ageOf = (answer) => Number(answer.headers.get("Age")) || 0;

function dateOf(answer, before, after) {
  const said = Date.parse(answer.headers.get("Date")) + SECOND * ageOf(answer);
  return Number.isFinite(said) ? { said, before, after } : null;
}
