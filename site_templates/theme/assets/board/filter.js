/* Narrows the board by place, kind and words. The address says what is chosen, so that it can be
   bookmarked and the back button works; the chosen building is remembered for the next visit. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  const form = document.querySelector("[data-filters]");
  if (!form) return;
  const gaoshi = window.gaoshi;
  const { place, q } = form.elements;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const kind = () => kinds.find((choice) => choice.checked).value;
  const status = document.querySelector("[data-results]");
  const clear = document.querySelector("[data-clear]");
  const empty = document.querySelector("[data-empty]");

  /* A value that the board does not offer (an old bookmark) counts as none. */
  function choose(chosen) {
    place.value = chosen.place;
    if (place.selectedIndex < 0) place.value = "";
    (kinds.find((choice) => choice.value === chosen.kind) || kinds[0]).checked = true;
    q.value = chosen.q;
  }

  function fromAddress(usual) {
    const query = new URLSearchParams(location.search);
    return { place: query.get("place") ?? usual, kind: query.get("kind") || "", q: query.get("q") || "" };
  }

  function address() {
    const query = new URLSearchParams();
    if (place.value) query.set("place", place.value);
    if (kind()) query.set("kind", kind());
    if (q.value.trim()) query.set("q", q.value.trim());
    return String(query) ? "?" + query : "";
  }

  function matches(card, terms) {
    const places = card.dataset.places;
    return (!place.value || !places || places.split(" ").includes(place.value)) &&
      (!kind() || card.dataset.kind === kind()) && gaoshi.finds(card, terms);
  }

  function apply() {
    const terms = gaoshi.terms(q.value);
    const cards = [...document.querySelectorAll(".card")];
    let shown = 0;
    for (const card of cards) {
      card.hidden = !matches(card, terms);
      if (!card.hidden) shown += 1;
    }
    for (const group of document.querySelectorAll("[data-group]")) {
      group.hidden = !group.querySelector(".card:not([hidden])");
    }
    for (const line of document.querySelectorAll("[data-ended]")) line.hidden = !matches(line, terms);
    for (const list of document.querySelectorAll(".ended")) {
      const left = list.querySelectorAll("[data-ended]:not([hidden])").length;
      list.hidden = !left;
      list.querySelector(".ended__count").textContent = left;
    }

    const narrowed = address() !== "";
    const said = (narrowed ? status.dataset.some : status.dataset.all)
      .replace("{shown}", shown).replace("{count}", cards.length);
    if (status.textContent !== said) status.textContent = said;
    clear.hidden = !narrowed;
    status.parentElement.classList.toggle("results--narrowed", narrowed);
    empty.hidden = shown > 0;
    place.closest(".field").classList.toggle("field--chosen", place.value !== "");
    for (const link of document.querySelectorAll("[data-keeps-filters]")) link.search = address();
    gaoshi.store("passing", "filters", address());
  }

  function go(how) {
    if (address() !== location.search) history[how](null, "", location.pathname + address());
    apply();
  }

  place.addEventListener("change", () => { gaoshi.store("kept", "place", place.value); go("pushState"); });
  form.addEventListener("change", (event) => { if (event.target.name === "kind") go("pushState"); });
  q.addEventListener("input", () => go("replaceState"));
  form.addEventListener("submit", (event) => { event.preventDefault(); q.blur(); });
  clear.addEventListener("click", () => {
    choose({ place: "", kind: "", q: "" });
    gaoshi.store("kept", "place", "");
    go("pushState");
    place.focus();
  });
  addEventListener("popstate", () => { choose(fromAddress("")); apply(); });

  choose(fromAddress(gaoshi.recall("kept", "place")));
  go("replaceState");
  delete document.documentElement.dataset.narrowing;
  if (kind()) kinds.find((choice) => choice.checked).parentElement.scrollIntoView({ block: "nearest", inline: "center" });
});
