/* Only in a preview: what time it is there, in the board's own zone, which is the offset that its instant carries. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  if (!gaoshi) return;   // a screen's page has a clock of its own
  const shown = document.querySelector("[data-clock]");
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(shown.dataset.clock) || [0, "+", 0, 0];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: "UTC",
  });
  gaoshi.beat((now) => { shown.textContent = format.format(now + offset); });
})();
