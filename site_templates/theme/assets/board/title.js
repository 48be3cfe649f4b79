/* The window's name says so when a notice is over. */
(function () {
  "use strict";
  let own = document.title;
  document.addEventListener("gaoshi:changed", () => {
    const over = document.getElementById("over")?.closest("[data-title]");   // found at once, however long the page is
    if (over) document.title = over.dataset.title;
    else document.title = own;
  });
  window.gaoshi.retitle = (title) => { own = title; };
})();
