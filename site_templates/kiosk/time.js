/* What time it is, by three clocks: `mono` runs evenly but knows no date, `wall` knows a date that may be wrong, the
   server's `Date` comes with the news. Time runs on mono from the server's last word, and is never earlier than the
   news were made. All in ms. */

const SECOND = 1000;
const NOTICEABLE = 2 * SECOND;   // a Date has whole seconds, an answer takes its time
const MINUTE = 60 * SECOND;
const APART = 10 * SECOND;       // two words so far apart show whether the server's clock runs
const TRIES = 4;                 // of asking sooner about words that do not agree

/**
 * @param {object} given
 * @param {number} given.floor  the earliest that it can be: when page and news were made
 * @param {number} given.ahead  how far what was made may lie ahead of the server's clock
 * @param {number} given.far    a date that leaps ahead so far is asked about for a minute before it counts
 * @param {{offset: number, seen: number}|null} given.kept  what `keep` said before a restart
 * @param {() => number} given.wall
 * @param {() => number} given.mono
 */
export function createClock({ floor, ahead: allowed, far = Infinity, kept, wall, mono }) {
  const restored = kept ? wall() + kept.offset : -Infinity;
  const believed = kept !== null && restored >= kept.seen && restored >= floor;
  let verified = believed;
  let sure = false;       // the server was heard since the start
  let doubt = null;       // a word that contradicts what is known, until another agrees with it
  let vain = 0;           // words that did not count, since the last that did
  let asking = null;      // by mono, since when a date that leapt far is asked about
  let base, wallBase;     // the time less mono's, and less wall's
  let offset = kept?.offset ?? null;

  function set(time) {
    base = time - mono();
    wallBase = time - wall();
  }
  set(believed ? restored : Math.max(floor, kept?.seen ?? floor));

  const even = () => mono() + base;
  const dated = () => wall() + wallBase;

  /** By how much one of the two clocks leapt, or 0: after sleep mono stood still, or somebody set the wall's. */
  const leap = () => {
    const apart = dated() - even();
    return verified && Math.abs(apart) > MINUTE ? apart : 0;
  };
  const leapt = () => leap() !== 0;

  /** No screen sleeps for a month: of a date that leapt so far the server is asked first. */
  const putOff = () => {
    asking = leap() >= far ? asking ?? mono() : null;
    return asking !== null && mono() - asking < MINUTE;
  };
  const now = () => Math.max(floor, putOff() || !leapt() ? even() : Math.max(dated(), even()));

  function take(low, high) {
    base = Math.min(Math.max(base, low), high);
    wallBase = base + mono() - wall();
    offset = wallBase;
    verified = sure = true;
    doubt = null;
    vain = 0;
    return true;
  }

  return {
    now,
    leap,
    verified: () => verified,

    /** Whether the server said something that contradicts what is known, and is worth being asked again soon. */
    doubtful: () => doubt !== null && vain <= TRIES,

    /** The time, where the server said it since the start; else null. */
    trusted: () => (sure && !leapt() ? now() : null),

    /** It cannot be earlier than `time`. */
    atLeast(time) {
      floor = Math.max(floor, time);
      if (even() < floor) base = floor - mono();
    },

    /** What was taken for the earliest that it can be was wrong: the server's next word is the time. */
    letGo() {
      floor = -Infinity;
      sure = verified = false;
      doubt = null;
    },

    /**
     * The server's `Date` that came with good news. A word against what is known counts when another, a while later,
     * agrees with it by mono: a stored answer's Date stands still, one alone may be anybody's. A word ahead of a clock
     * that only was kept, or leapt, counts at once.
     * @param {number} said    the server's time, cut to whole seconds
     * @param {number} before  what mono showed when it was asked
     * @param {number} after   and when it had answered
     * @returns {boolean} whether the server's time is what is known now
     */
    heard(said, before, after) {
      if (said + SECOND + allowed < floor) return false;
      const low = said - after, high = said + SECOND - 1 - before;
      const known = sure || verified;
      if (!known) {
        base = (low + high) / 2;
        return take(low, high);
      }
      const current = now() - mono();
      const ahead = low > current + NOTICEABLE;
      const behind = high < current - NOTICEABLE;
      if (!ahead && !behind) {
        base = current;
        return take(low, high);
      }
      const firm = sure && !leapt();
      const agreed = doubt !== null && Math.abs(low - doubt.low) < NOTICEABLE;
      if ((ahead && !firm) || (agreed && after - doubt.after >= APART)) {
        base = (low + high) / 2;
        return take(low, high);
      }
      if (!agreed) doubt = { low, after };
      vain++;
      return false;
    },

    /** What a restart needs; `seen` is surely past. */
    keep: () => ({ offset: offset ?? 0, seen: Math.max(floor, leapt() ? Math.min(dated(), even()) : even()) }),
  };
}
