/* From a notice back to the list as it was: by history when we came from there, else by its address. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  const back = document.querySelector("[data-back]");
  if (!back) return;
  back.search = window.gaoshi.recall("passing", "filters");
  back.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (document.referrer === back.href && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });
});
