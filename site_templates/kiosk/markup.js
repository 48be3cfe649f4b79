/* A notice's HTML as elements that say something, and do nothing: a link would lead the screen away. The board's own
   sanitiser need not be trusted for that, and the content policy would not do: what is parsed apart and then copied keeps its style. */

const KEPT = new Set(["alt", "align", "colspan", "dir", "lang", "rowspan", "src", "start", "title"]);

/** @returns {HTMLElement}  in a document that loads and runs nothing */
export function read(html) {
  const root = document.createElement("template").content.ownerDocument.createElement("div");
  root.innerHTML = html;
  for (const element of root.querySelectorAll("*")) {
    const size = element.matches("img") ? /^(width|height)$/ : null;   // for measuring
    for (const name of element.getAttributeNames()) if (!KEPT.has(name) && !size?.test(name)) element.removeAttribute(name);
  }
  return root;
}
