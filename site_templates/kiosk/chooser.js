/* Which screen is this? Whoever mounts it says so once; from then on this page leads there by itself, offline too.
   `?choose` at the end of the address asks again. */

import { openStore } from "./store.js";

const store = await openStore(new URL("../", document.baseURI));
const choices = [...document.querySelectorAll("a[data-screen]")];
const chosen = await store.chosen();
const known = choices.find((each) => each.dataset.screen === chosen);

if (known && !new URLSearchParams(location.search).has("choose")) location.replace(known.href);
else {
  known?.querySelector(".chooser__last").removeAttribute("hidden");
  (known ?? choices[0])?.focus();
  for (const each of choices) {
    each.addEventListener("click", async (event) => {
      event.preventDefault();
      await store.choose(each.dataset.screen);
      location.assign(each.href);
    });
  }
}
