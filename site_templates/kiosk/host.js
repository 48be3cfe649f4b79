/* A host whose clock was ahead when it made what is held: once it is right again, all that it makes is older, for as
   long as it was ahead. It is believed when it says so for a while, by a date that runs. */

const SECOND = 1000;
const LONG = 600 * SECOND;
const UNEVEN = 10 * SECOND;   // answers take their time

/** @param {number} allowed  how far what was made may lie ahead of the server's clock, in ms */
export function createHindsight(allowed) {
  let first = null;

  return {
    /** Whether the server says that what is held was made ahead of the time. */
    doubts: () => first !== null,

    /**
     * The server's `Date`, with an answer older than what is held.
     * @param {{said: number, after: number}} word  as `askServer` gives it
     * @param {number} made  when what is held was made, in ms since 1970
     * @returns {boolean} whether it has said so for long
     */
    hears({ said, after }, made) {
      const base = said - after;
      if (said + SECOND + allowed >= made) first = null;
      else if (!first || Math.abs(base - first.base) > UNEVEN) first = { base, after };
      return first !== null && after - first.after >= LONG;
    },

    /** The server had something that counts. */
    forget() { first = null; },
  };
}
