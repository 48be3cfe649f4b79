/* A phone keeps pages open for days: seen again after a while, the page fetches the board anew. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  const STALE = 10 * 60 * 1000;
  const loaded = Date.now();
  if (window.gaoshi.preview) return;   // the preview reloads itself
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || Date.now() - loaded < STALE) return;
    if (document.activeElement && document.activeElement.matches("input, select")) return;
    try {
      const answer = await fetch(location.href, { cache: "no-cache" });
      if (answer.ok || answer.status === 404) location.reload();
    } catch { /* offline: what is here stays, and expires on its own */ }
  });
});
