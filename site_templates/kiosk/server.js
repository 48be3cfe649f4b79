/* What the server says, and what time it has. */

import { LARGEST, load } from "./news.js";

const SECOND = 1000;
const BYTES = 3;   // that a character takes, at most

/** How far the date is from the even clock; it changes where one of them leaps. */
const drift = () => Date.now() - performance.now();

/**
 * Asks for a file. Fails where there is no good answer.
 * @param {URL} address
 * @param {number} patience  with an answer that stands still, in ms
 * @returns {Promise<{text: string, time: {said: number, before: number, after: number}|null}>}
 *   what time the server had, with what performance.now() showed when it was asked and had answered; null: not known
 */
export async function askServer(address, patience) {
  const [before, slept] = [performance.now(), drift()];
  const { answer, after, blob } = await load(address, BYTES * LARGEST, patience);
  const time = ageOf(answer) ? await timeOf(address, patience) : dateOf(answer, before, after);
  return { text: await blob.text(), time: Math.abs(drift() - slept) < SECOND ? time : null };
}

/** An answer from a cache on the way has the date of when it was made, or sent, who knows: the server itself is asked. */
async function timeOf(address, patience) {
  const before = performance.now();
  const { answer, after } = await load(`${address}?${Date.now()}`, 0, patience, { method: "HEAD", cache: "no-store" });
  return dateOf(answer, before, after);
}

const ageOf = (answer) => Number(answer.headers.get("Age")) || 0;

function dateOf(answer, before, after) {
  const said = Date.parse(answer.headers.get("Date")) + SECOND * ageOf(answer);
  return Number.isFinite(said) ? { said, before, after } : null;
}
