/* What a reader's device remembers, and nothing else does: `kept` over visits, `passing` for this one.
   Even to name a storage may be denied; then nothing is remembered. */
(function () {
  "use strict";
  const gaoshi = (window.gaoshi = window.gaoshi || {});
  const storages = { kept: () => localStorage, passing: () => sessionStorage };
  const name = (key) => "gaoshi:" + key;

  gaoshi.recall = (where, key) => {
    try { return storages[where]().getItem(name(key)) || ""; } catch { return ""; }
  };
  gaoshi.store = (where, key, value) => {
    try {
      if (value) storages[where]().setItem(name(key), value);
      else storages[where]().removeItem(name(key));
    } catch { /* denied or full */ }
  };
})();
