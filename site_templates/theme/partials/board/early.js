/* Before first paint: the reader's modes, so that nothing flashes or moves. */
(function (root) {
  function remembered(key) { try { return localStorage.getItem("gaoshi:" + key) } catch (e) { return null } }
  root.className = "js";
  root.dataset.theme = remembered("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  if (remembered("large")) root.dataset.large = "";
  /* A list about to be narrowed stays unseen until it is (filter.js), at most for a moment. */
  if (/[?&](place|kind|q)=./.test(location.search) || remembered("place")) root.dataset.narrowing = "";
})(document.documentElement);
