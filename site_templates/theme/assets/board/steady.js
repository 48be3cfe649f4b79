/* The page may change while somebody reads it: what they look at stays where it is, and the keyboard where it was, or
   goes to the next thing that is still there. Browsers keep the place each in their own way, or not at all; so the style
   sheet bids them leave it to us. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const twin = (name, value) => document.querySelector(`[${name}="${CSS.escape(value)}"]`);
  const shown = (element) => element.isConnected && element.getClientRects().length;

  /* The notices to be seen, the likeliest to be read first: the one with the focus, then what begins on the screen. */
  function seen() {
    const likely = ({ element, box }) => 2 * element.contains(document.activeElement) + (box.top >= 0);
    return all("main [data-id]")
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > 0 && box.top < innerHeight && box.height)
      .sort((one, other) => likely(other) - likely(one));
  }

  gaoshi.steadily = function (change) {
    const places = scrollY ? seen() : [];
    const focused = document.activeElement;
    const stops = focused === document.body ? [] : all("a, button, input, select, summary");
    const at = stops.indexOf(focused);

    change();

    for (const { element, box } of places) {
      const now = element.isConnected ? element : twin("data-id", element.dataset.id);
      if (!now || !shown(now)) continue;
      scrollBy({ top: now.getBoundingClientRect().top - box.top, behavior: "instant" });
      break;
    }
    if (at >= 0 && (document.activeElement !== focused || !shown(focused))) {
      const same = focused.hasAttribute("href") && twin("href", focused.getAttribute("href"));
      const next = [focused, same, ...stops.slice(at)].find((each) => each && shown(each)) || document.querySelector("main");
      next.focus({ preventScroll: true });
    }
  };
})();
