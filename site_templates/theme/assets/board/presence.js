/* What is on the page and when: an element with `data-from` and `data-until` is there from the one instant until, not
   including, the other. What is not there is taken out of the page, so that nothing finds, counts or prints it; a mark
   keeps its place, for a clock may turn out to be wrong. Whoever counts or names what is there hears `gaoshi:changed`. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  let parts = [];
  let [since, until] = [-Infinity, Infinity];   // the page is right from the one time until the other

  function part(element) {
    const { from, until } = element.dataset;
    element.hidden = false;
    return { element, from: Date.parse(from), until: Date.parse(until), mark: document.createComment("") };
  }

  /* Takes a part out or puts it back; whether it was elsewhere before. */
  function put({ element, mark }, there) {
    const [wanted, other] = there ? [element, mark] : [mark, element];
    if (!other.parentNode) return false;
    other.replaceWith(wanted);
    return true;
  }

  /* Puts everything where it belongs at `now`; whether anything came or went. */
  function sweep(now) {
    let changed = false;
    [since, until] = [-Infinity, Infinity];
    for (const each of parts) {
      changed = put(each, gaoshi.there(each.from, each.until, now)) || changed;
      for (const edge of [each.from, each.until]) {
        if (edge <= now) since = Math.max(since, edge);
        else if (edge > now) until = Math.min(until, edge);
      }
    }
    return changed;
  }

  const tell = () => document.dispatchEvent(new Event("gaoshi:changed"));

  function read() {
    parts = Array.from(document.querySelectorAll("[data-from], [data-until]"), part);
    sweep(gaoshi.now());
    tell();
  }

  /* Lets `change` see and change the page with all its parts in their places. */
  gaoshi.rebuild = function (change) {
    for (const each of parts) put(each, true);
    change();
    read();
  };

  gaoshi.keeping = true;
  document.addEventListener("DOMContentLoaded", read);
  gaoshi.beat((now) => {
    if (now < since || now >= until) gaoshi.steadily(() => { if (sweep(now)) tell(); });
    return until - now;
  });
})();
