/* A wide table scrolls inside its own frame, by touch and by keyboard, and the page does not. */
(function () {
  "use strict";
  window.gaoshi.frame = function (page) {
    for (const table of page.querySelectorAll(".text table")) {
      const frame = page.createElement("div");
      frame.className = "table-scroll";
      frame.tabIndex = 0;
      table.replaceWith(frame);
      frame.append(table);
    }
  };
  window.gaoshi.frame(document);
})();
