/* Narrows the board by place, kind and words. The address says what is chosen, so that it can be
   bookmarked and the back button works; the chosen building is remembered for the next visit. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  const form = document.querySelector("[data-filters]");
  if (!form) return;
  const gaoshi = window.gaoshi;
  const { place, q } = form.elements;
  const kinds = () => [...form.querySelectorAll("[name=kind]")];
  const kind = () => kinds().find((choice) => choice.checked).value;
  const status = document.querySelector("[data-results]");
  const clear = document.querySelector("[data-clear]");

  const lists = document.querySelector("[data-part=lists]");
  const show = (part, there) => !(part.hidden = !there);

  /* A value that the board does not offer (an old bookmark) counts as none. */
  function choose(chosen) {
    place.value = chosen.place;
    if (place.selectedIndex < 0) place.value = "";
    (kinds().find((choice) => choice.value === chosen.kind) || kinds()[0]).checked = true;
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

  function matches(card, of, at, terms) {
    const places = at && card.dataset.places;
    return (!places || places.split(" ").includes(at)) && (!of || card.dataset.kind === of) && gaoshi.finds(card, terms);
  }

  function count(cards) {
    const counts = {};
    for (const card of cards) {
      const of = card.dataset.kind;
      counts[of] = (counts[of] || 0) + 1;
    }
    for (const choice of kinds().slice(1)) {
      const chip = choice.parentElement;
      chip.hidden = !counts[choice.value] && !choice.checked;
      chip.querySelector("small").textContent = counts[choice.value] || 0;
    }
  }

  /* Shows what is chosen. What changed by itself is told to nobody aloud. No list is looked for in the whole page, which
     may be long. */
  function apply(aloud) {
    const [of, at, terms] = [kind(), place.value, gaoshi.terms(q.value)];
    const all = (part) => [...part.lastElementChild.children];
    const narrow = (lines) => lines.filter((line) => show(line, matches(line, of, at, terms))).length;
    const cards = [];
    let shown = 0;
    for (const part of lists.children) {
      if (part.dataset.group) {
        const own = all(part);
        const left = narrow(own);
        show(part, left);
        cards.push(...own);
        shown += left;
      } else if (part.matches(".ended")) {
        const left = narrow(all(part));
        show(part, left);
        part.querySelector(".ended__count").textContent = left;
      }
    }
    const none = cards.length === 0;
    for (const part of lists.children) {
      if (part.dataset.empty) show(part, !shown && none === (part.dataset.empty === "none"));
    }

    const narrowed = address() !== "";
    const said = (narrowed ? status.dataset.some : status.dataset.all)
      .replace("{shown}", shown).replace("{count}", cards.length);
    status.ariaLive = aloud ? "polite" : "off";
    if (status.textContent !== said) status.textContent = said;
    show(clear, narrowed);
    show(form, !none);
    show(status.parentElement, !none);
    status.parentElement.classList.toggle("results--narrowed", narrowed);
    count(cards);
    place.closest(".field").classList.toggle("field--chosen", place.value !== "");
    for (const link of document.querySelectorAll(".masthead [data-keeps-filters]")) link.search = address();
    gaoshi.store("passing", "filters", address());
  }

  function go(how) {
    if (address() !== location.search) history[how](null, "", location.pathname + address());
    apply(true);
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
  addEventListener("popstate", () => { choose(fromAddress("")); apply(true); });
  document.addEventListener("gaoshi:changed", () => apply(false));

  choose(fromAddress(gaoshi.recall("kept", "place")));
  go("replaceState");
  delete document.documentElement.dataset.narrowing;
  if (kind()) kinds().find((choice) => choice.checked).parentElement.scrollIntoView({ block: "nearest", inline: "center" });
});
