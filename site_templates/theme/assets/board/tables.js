/* A wide table scrolls inside its own frame, by touch and by keyboard, and the page does not. */
(function () {
  "use strict";
  for (const table of document.querySelectorAll(".text table")) {
    const frame = document.createElement("div");
    frame.className = "table-scroll";
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
})();
