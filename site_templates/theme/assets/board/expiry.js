/* Nothing is shown past its end, even if this page was opened long ago or nobody builds the board. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const LONGEST = 2 ** 31 - 1;   // what setTimeout can wait
  const ends = (element) => Date.parse(element.dataset.until);
  let timer;

  function remove(element) {
    if (!element.matches(".notice")) return element.remove();
    const over = document.querySelector("template[data-over]");
    const reasons = document.querySelector(".reasons");
    if (reasons) reasons.remove();
    element.replaceWith(over.content.cloneNode(true));
  }

  function sweep() {
    clearTimeout(timer);
    const now = gaoshi.now();
    const dated = [...document.querySelectorAll("[data-until]")];
    const over = dated.filter((element) => ends(element) <= now);
    over.forEach(remove);
    if (over.length) document.dispatchEvent(new CustomEvent("gaoshi:swept"));
    const next = Math.min(...dated.map(ends).filter((end) => end > now));
    if (next < Infinity) timer = setTimeout(sweep, Math.min(next - now, LONGEST));
  }

  sweep();
  /* Timers sleep while a phone does. */
  addEventListener("pageshow", sweep);
  document.addEventListener("visibilitychange", sweep);
})();
