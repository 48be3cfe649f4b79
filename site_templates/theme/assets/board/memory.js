/* What a reader's device remembers, and nothing else does. Storage may be denied; then nothing is kept. */
(function () {
  "use strict";
  const gaoshi = (window.gaoshi = window.gaoshi || {});
  const name = (key) => "gaoshi:" + key;
  gaoshi.recall = (storage, key) => { try { return storage.getItem(name(key)); } catch { return null; } };
  gaoshi.store = (storage, key, value) => {
    try { value ? storage.setItem(name(key), value) : storage.removeItem(name(key)); } catch { /* denied */ }
  };
})();
