/* What time it is: the reader's clock, put right by the server's. It is never earlier than the page was made and
   what has passed since, nor than the server said; a clock that is set back takes nothing back by itself. Only two
   of the server's answers that agree, a minute apart, take one back that was ahead: one alone may be a sign-in
   page's, and a stored one's `Date` stands still. In a preview the time starts where the preview stands. Whoever lives
   by it beats with it, while the page is seen. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const root = document.documentElement;
  const made = Date.parse(root.dataset.at);
  const NOTICEABLE = 2000;   // a Date header has whole seconds
  const PATIENCE = 10000;
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

  /* The reader's clock leapt against the running of time: after sleep, or because somebody set it. */
  function leapt() {
    const change = drift() - last;
    if (Math.abs(change) < NOTICEABLE) return false;
    if (change < 0) offset -= change;
    last += change;
    return true;
  }

  /* ── the server's time ── */

  /* By a name of its own, or the browser would drop the page that it has kept. */
  const clock = location.pathname + "?clock";
  let asking = false;
  let asked = -Infinity;

  async function ask() {
    if (asking) return;
    asking = true;
    const [before, start] = [Date.now(), performance.now()];
    asked = start;
    try {
      const answer = await fetch(clock, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
      const took = performance.now() - start;
      const said = Date.parse(answer.headers.get("Date")) + 1000 * (Number(answer.headers.get("Age")) || 0);
      if (leapt()) asked = -Infinity;   // what was measured is worth nothing
      else if (answer.ok && !answer.redirected && said + 1000 > made) learn(said, before, took);
    } catch { /* away: what is known holds on */ }
    asking = false;
    delete root.dataset.asking;
    beat();
  }

  let heard;   // an answer of a minute ago or more

  function learn(said, before, took) {
    const difference = said + 500 - (before + took / 2);
    offset = Math.abs(difference) < NOTICEABLE + took / 2 ? 0 : difference;
    const [ahead, now] = [said - performance.now(), performance.now()];
    const last = heard && now - heard.at >= MINUTE ? heard : undefined;
    if (ahead >= least) least = ahead;
    else if (last && Math.abs(ahead - last.ahead) < MINUTE / 2) least = Math.max(made - loaded, ahead);
    else if (least - ahead > NOTICEABLE) setTimeout(ask, MINUTE);
    if (!heard || last) heard = { ahead, at: now };
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
    if (leapt() || performance.now() - asked >= EVERY) tell();
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
