/* Search: every word of the query must stand somewhere in the card, whatever its width or case. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new WeakMap();

  function text(card) {
    if (!texts.has(card)) texts.set(card, fold((card.dataset.search || "") + " " + card.textContent));
    return texts.get(card);
  }

  gaoshi.terms = (query) => fold(query).split(/\s+/).filter(Boolean);
  gaoshi.finds = (card, terms) => terms.every((term) => text(card).includes(term));
})();
