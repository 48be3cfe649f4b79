/* What is new on the board comes to an open page by itself: the page asks for its own address again, when the board is
   due and every few minutes, and takes over what a later edition says. Nothing that is not surely a later edition of
   this very board changes anything. */
(function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const root = document.documentElement;
  if (gaoshi.preview || !document.querySelector("main[data-parts]")) return;

  const SECOND = 1000, MINUTE = 60 * SECOND;
  const OFTEN = 5 * MINUTE, SELDOM = 30 * MINUTE;
  const jitter = () => 0.75 + Math.random() / 2;   // the readers of a board do not all ask at once

  let wait = OFTEN;
  let asked = performance.now();
  let next = asked + wait * jitter();
  let overdue = false;
  let asking = false;
  let typed = -Infinity;

  function soon() {
    wait = 10 * SECOND;
    next = Math.max(performance.now(), asked + wait) + wait * Math.random();
  }

  gaoshi.beat((now) => {
    if (!overdue && now >= Date.parse(root.dataset.due)) {
      overdue = true;
      soon();
    }
    if (performance.now() >= next && !asking) ask();
  });
  document.addEventListener("input", () => { typed = performance.now(); });
  document.addEventListener("visibilitychange", soon);
  addEventListener("online", soon);
  addEventListener("pageshow", (event) => { if (event.persisted) soon(); });

  async function ask() {
    asking = true;
    asked = performance.now();
    let most = OFTEN;
    try {
      const answer = await fetch(location.pathname, { cache: "no-cache", signal: AbortSignal.timeout?.(MINUTE) });
      const edition = await read(answer);
      if (edition) take(edition);
    } catch {
      most = SELDOM;
    }
    wait = Math.min(2 * wait, most);
    next = performance.now() + wait * jitter();
    asking = false;
  }

  /* The answer as a page, if it is this page of a later edition of this board, and whole; else null. Where a later
     edition has no such notice any more, the reader is shown that. */
  async function read(answer) {
    const html = answer.headers.get("Content-Type")?.startsWith("text/html");
    const gone = answer.status === 404 && document.querySelector("article.notice");
    if (!html || answer.redirected || !(answer.ok || gone)) return null;
    const text = await answer.text();
    if (!text.trimEnd().endsWith("</html>")) return null;
    const page = new DOMParser().parseFromString(text, "text/html");
    const { board, at } = page.documentElement.dataset;
    if (board !== root.dataset.board || !(gone || page.documentElement.lang === root.lang)) return null;
    const later = Date.parse(at) > Date.parse(root.dataset.at);
    if ((gone && later) || corrected(at)) location.reload();
    return answer.ok && later ? page : null;
  }

  /* Whether this page was made by a clock that was ahead, and what was made `at` was not: the server has kept saying what
     time it is. An edition that was left so is never left again, nor one before it: no two take turns for ever. While
     somebody types nothing is loaded. */
  function corrected(at) {
    const [mine, now] = [Date.parse(root.dataset.at), gaoshi.said()];
    const left = () => Number(gaoshi.recall("passing", "left"));
    if (!(mine > now + MINUTE && Date.parse(at) <= now && mine > left()) || performance.now() <= typed + MINUTE) return false;
    gaoshi.store("passing", "left", String(mine));
    return left() === mine;   // where nothing can be remembered, nothing is loaded
  }

  function take(page) {
    const made = (each) => [...each.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.outerHTML).join();
    if (made(page) !== made(document)) return location.reload();   // another board needs another script
    gaoshi.frame(page);
    gaoshi.steadily(() => gaoshi.rebuild(() => {
      for (const name of ["at", "due", "stale"]) root.dataset[name] = page.documentElement.dataset[name];
      gaoshi.since(Date.parse(root.dataset.at));
      for (const symbol of page.querySelectorAll("symbol")) {
        if (!document.getElementById(symbol.id)) document.querySelector(".sprite").append(symbol);
      }
      for (const selector of ["main", "footer"]) renew(document.querySelector(selector), page.querySelector(selector));
      gaoshi.retitle(page.title);
    }));
    overdue = false;
    wait = OFTEN / 2;
  }

  /* Lets `old` say what `fresh` says. What says the same stays as it is, and what is the reader's own (`data-kept`). */
  function renew(old, fresh) {
    const wanted = named(fresh);
    for (const [key, part] of named(old)) if (!wanted.has(key) && !kept(part)) part.remove();
    const have = named(old);
    let spot = old.firstElementChild;
    for (const [key, part] of wanted) {
      let mine = have.get(key);
      if (!mine) mine = part;
      else if (!kept(mine) && plain(mine) !== plain(part)) {
        if ("parts" in part.dataset) renew(mine, part);
        else {
          mine.replaceWith(part);
          if (spot === mine) spot = part;
          mine = part;
        }
      }
      if (mine === spot) spot = spot.nextElementSibling;
      else old.insertBefore(mine, spot);
    }
  }

  const kept = (part) => "kept" in part.dataset;

  /* The children of an element by their names; those without a name go by what they are. */
  function named(parent) {
    const found = new Map();
    for (const child of parent.children) {
      const { part, id, group } = child.dataset;
      let name = part || id || group || child.tagName;
      while (found.has(name)) name += "+";
      found.set(name, child);
    }
    return found;
  }

  /* What an element says, whether it is to be seen just now or not. */
  function plain(part) {
    const copy = part.cloneNode(true);
    for (const each of [copy, ...copy.querySelectorAll("[hidden]")]) each.removeAttribute("hidden");
    return copy.outerHTML;
  }
})();
