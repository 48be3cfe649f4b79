/* What time it is: the reader's clock, put right by the server's. It is never earlier than the page was made and
   what has passed since, nor than the server said; a clock that is set back takes nothing back by itself. Only
   answers of the server that agree take one back that was ahead: a stored one's `Date` stands still, which seconds
   show, and one alone may be a sign-in page's; so what a server has said holds for a minute against it. In a preview
   the time starts where the preview stands. Whoever lives by it beats with it, while the page is seen. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const root = document.documentElement;
  const made = Date.parse(root.dataset.at);
  const NOTICEABLE = 2000;   // a Date header has whole seconds
  const PATIENCE = 10000;
  const AGREED = 1500;
  const SOON = 2000;         // a `Date` that stood still so long has shown it
  const MINUTE = 60000;
  const EVERY = 15 * 60000;

  gaoshi.preview = "preview" in root.dataset;

  const loaded = performance.now();
  const drift = () => Date.now() - performance.now();
  let last = drift();
  let offset = Math.max(0, made - Date.now());
  let least = made - loaded;   // the earliest it can be, less what performance.now() says

  gaoshi.now = function () {
    if (gaoshi.preview) return made + performance.now() - loaded;
    return Math.max(Date.now() + offset, performance.now() + least);
  };

  /* A later edition was taken over: it is no earlier than that was made. */
  gaoshi.since = (at) => { least = Math.max(least, at - performance.now()); };

  /* The reader's clock leapt against the running of time: after sleep, or because somebody set it. What the server said
     before is worth nothing then. */
  function leapt() {
    const change = drift() - last;
    if (Math.abs(change) < NOTICEABLE) return false;
    if (change < 0) offset -= change;
    last += change;
    agreed = NaN;
    return true;
  }

  /* ── the server's time ── */

  /* By a name of its own, or the browser would drop the page that it has kept. */
  const clock = location.pathname + "?clock";
  let asking = false;
  let asked = -Infinity;
  let doubt = 0;   // how soon to ask again, where the server says that it is earlier than thought

  async function ask() {
    if (asking) return;
    asking = true;
    const [before, start] = [Date.now(), performance.now()];
    asked = start;
    doubt = Math.min(EVERY, 2 * doubt);
    try {
      const answer = await fetch(clock, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
      const took = performance.now() - start;
      const said = told(Date.parse(answer.headers.get("Date")), 1000 * (Number(answer.headers.get("Age")) || 0));
      if (leapt()) asked = -Infinity;   // what was measured is worth nothing
      else if (!answer.redirected) {
        const known = hear(said);
        if (answer.ok && said + 1000 > made) learn(said, before, took, known);
      }
    } catch { /* away: what is known holds on */ }
    asking = false;
    if (!doubt) delete root.dataset.asking;
    beat();
  }

  let earlier;          // the answer before this one
  let stored = false;   // answers are kept on their way: their `Date` stands still while they age

  /* The time that an answer tells. Some who keep answers renew their `Date` and yet tell their age. */
  function told(date, age) {
    const now = performance.now();
    const runs = (was, is) => Math.abs(is - was - (now - earlier.at)) < AGREED;
    if (earlier && age && now - earlier.at >= SOON) {
      if (runs(earlier.date, date)) stored = false;
      else if (runs(earlier.date + earlier.age, date + age)) stored = true;
    }
    earlier = { date, age, at: now };
    return stored ? date + age : date;
  }

  let heard;         // the first of the answers that agree
  let agreed = NaN;  // the server's time, less what performance.now() says, once they have agreed for a minute

  /* The server's own time, even where the page was made later; NaN as long as it is not sure. */
  gaoshi.said = () => performance.now() + agreed;

  /* For how long the answers of the server have agreed with this one. */
  function hear(said) {
    const now = performance.now();
    const ahead = said - now;
    if (!heard || !(Math.abs(ahead - heard.ahead) < AGREED)) heard = { ahead, at: now };
    const known = now - heard.at;
    agreed = known >= MINUTE ? ahead : NaN;
    return known;
  }

  function learn(said, before, took, known) {
    const ahead = said - performance.now();
    const difference = said + 500 - (before + took / 2);
    const wanted = Math.abs(difference) < NOTICEABLE + took / 2 ? 0 : difference;
    if (wanted >= offset || known >= SOON) offset = wanted;
    if (ahead >= least || known >= MINUTE) least = Math.max(made - loaded, ahead);
    const sure = offset - wanted < NOTICEABLE && least - ahead < NOTICEABLE;
    doubt = sure ? 0 : doubt || SOON;
    if (sure && known < SOON && Math.abs(difference) > MINUTE) asked -= EVERY - SOON;   // far from what was known: once more, and soon
  }

  /* ── the beat ── */

  const SECOND = 1000;
  const beating = [];
  let timer;

  /* Calls `each` with the time at least once a second; it may return how soon it wants to be called again. */
  gaoshi.beat = (each) => { beating.push(each); };

  function beat() {
    clearTimeout(timer);
    if (document.hidden) return;
    if (leapt() || performance.now() - asked >= (doubt || EVERY)) tell();
    const waits = beating.map((each) => each(gaoshi.now()) ?? SECOND);
    timer = setTimeout(beat, Math.max(0, Math.min(SECOND, ...waits)));
  }

  function tell() {
    if (timed && !gaoshi.preview) ask();
    else delete root.dataset.asking;
  }

  const timed = document.querySelector("main [data-from], main [data-until]");
  const wake = () => { asked = -Infinity; beat(); };

  document.addEventListener("DOMContentLoaded", beat);
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  addEventListener("online", wake);
  addEventListener("beforeprint", beat);
})();
