/* Before first paint: the reader's modes, and nothing that is over; so that nothing flashes or moves. */
(function (root) {
  function remembered(key) { try { return localStorage.getItem("gaoshi:" + key) } catch (e) { return null } }
  root.className = "js";
  root.dataset.theme = remembered("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  if (remembered("large")) root.dataset.large = "";
  /* A list about to be narrowed stays unseen until it is (filter.js), at most for a moment. */
  if (/[?&](place|kind|q)=./.test(location.search) || remembered("place")) root.dataset.narrowing = "";

  const board = root.dataset;
  const gaoshi = window.gaoshi = {
    /* The one rule of time: there from the one instant until, not including, the other; NaN sets no limit. */
    there: (from, until, now) => !(now < from || now >= until),
  };
  if (!board.due || "preview" in board) return;
  const now = () => Math.max(Date.now(), Date.parse(board.at));
  const mark = (element) => {
    const { from, until } = element.dataset || {};
    if (from || until) element.hidden = !gaoshi.there(Date.parse(from), Date.parse(until), now());
  };
  /* Nothing on the page changes before the board is due; from then on each part is judged as it comes in. */
  if (now() >= Date.parse(board.due)) {
    new MutationObserver((changes, observer) => {
      if (gaoshi.keeping) observer.disconnect();
      else for (const change of changes) change.addedNodes.forEach(mark);
    }).observe(root, { childList: true, subtree: true });
  }
  /* So late, the board is forgotten or this clock is wrong, and so early this clock is; the server is asked before
     anything is shown (clock.js). */
  if (now() >= Date.parse(board.stale) || Date.now() < Date.parse(board.at) - 60000) board.asking = "";
  /* What keeps the time from here on is presence.js. Until it comes, and should it never come, this does, by the
     reader's clock alone; no event is waited for, as a page whose script is on its way has not had it. */
  const beat = setInterval(() => {
    if (gaoshi.keeping) clearInterval(beat);
    else document.querySelectorAll("[data-from],[data-until]").forEach(mark);
  }, 1000);
})(document.documentElement);
