/* When the server is asked: every minute, more often while something urgent is shown, ever more seldom while it does
   not answer. Screens do not all ask at once. */

const SECOND = 1000;
const OFTEN = 15 * SECOND, USUAL = 60 * SECOND, SELDOM = 600 * SECOND;
const SOON = 2 * SECOND;

/** How long to wait until the next question, in ms. `chance` is from 0 to 1. */
export function delay(failures, urgent, chance) {
  const wait = Math.min((urgent ? OFTEN : USUAL) * 2 ** failures, SELDOM);
  return wait * (0.9 + 0.2 * chance);
}

/**
 * @param {() => Promise<boolean>} ask  whether there was a good answer; never fails
 * @param {() => boolean} urgent
 */
export function createPoll(ask, urgent) {
  let timer, failures = 0, asking = false, asked = -Infinity;

  async function turn() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    asked = performance.now();
    failures = await ask() ? 0 : failures + 1;
    asking = false;
    timer = setTimeout(turn, delay(failures, urgent(), Math.random()));
  }

  return {
    start: turn,

    /** Asks at once, but not more often than every two seconds. */
    soon() {
      if (asking || performance.now() - asked < SOON) return;
      turn();
    },
  };
}
