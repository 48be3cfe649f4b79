/* The board's clock: the reader's own, or in a preview one that starts where the preview stands. */
(function () {
  "use strict";
  const gaoshi = (window.gaoshi = window.gaoshi || {});
  const shown = document.querySelector("[data-clock]");
  const start = shown ? Date.parse(shown.dataset.clock) : Date.now();
  const loaded = performance.now();

  gaoshi.preview = Boolean(shown);
  gaoshi.now = () => (shown ? start + performance.now() - loaded : Date.now());

  if (!shown) return;
  /* Shown in the board's own zone, which is the offset that the instant carries. */
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(shown.dataset.clock) || [0, "+", 0, 0];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: "UTC",
  });
  const tick = () => { shown.textContent = format.format(gaoshi.now() + offset); };
  tick();
  setInterval(tick, 1000);
})();
