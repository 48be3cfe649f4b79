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
  let timer, failures = 0, asking = false, again = false, asked = -Infinity;

  function askIn(wait) {
    clearTimeout(timer);
    timer = setTimeout(turn, wait);
  }

  async function turn() {
    clearTimeout(timer);
    [asking, again, asked] = [true, false, performance.now()];
    failures = await ask() ? 0 : failures + 1;
    asking = false;
    askIn(again ? SOON : delay(failures, urgent(), Math.random()));
  }

  return {
    start: turn,

    /** Asks at once, or two seconds after the last question; one that is under way may be too old to know. */
    soon() {
      if (asking) again = true;
      else askIn(Math.max(0, asked + SOON - performance.now()));
    },
  };
}
