/* Which slide is on. It changes when its time is over, or when what is visible changed; a round in which nothing
   changed goes on undisturbed. */

import { laidOut } from "./fit.js";
import { seconds } from "./reading.js";
import { goOn, groups, round, same } from "./round.js";
import { overdue, visible } from "./show.js";
import { draw } from "./slide.js";

const SECOND = 1000;

/**
 * A notice as it is shown now; the same object as long as nothing about it changes.
 * @typedef {{id: string, role: string, entry: object, sheets: object[]}} Item
 */

/** What else than notices a slide says. */
const numbersOf = ({ desk, duty }) => JSON.stringify([desk, duty]);

export function createStage(element, measure, settings, frame) {
  let made = new Map();   // items by what they depend on
  let items = [], slides = null, index = 0;
  let began = 0, lasts = Infinity, held = false, drawn = 0;
  let context = { settings, desk: null, duty: null }, numbers = "";

  /** @returns {Item} */
  function item(entry, role, shares) {
    const late = overdue(entry, context.now);
    const key = [entry.id, role, shares, late].join("\n");
    const old = made.get(key);
    return old?.entry === entry ? old : { id: entry.id, role, entry, key, sheets: sheetsOf(entry, role, shares) };
  }

  function sheetsOf(entry, role, shares) {
    try {
      const own = settings.languages.filter((language) => !entry.said[language].lang);
      const languages = own.length ? own : settings.languages.slice(0, 1);
      const groups = settings.together ? [languages] : languages.map((language) => [language]);
      const most = role === "takeover" ? Infinity : settings.pages ?? Infinity;
      return groups.flatMap((group) => laidOut({ entry, role, languages: group, shares, most }, context, measure));
    } catch (error) {
      console.warn(entry.id, error);   // one bad notice never stops the screen
      return [];
    }
  }

  function sheetsOn(slide) {
    return slide.ids.map((id) => {
      const { sheets } = items.find((each) => each.id === id);
      return sheets[slide.page % sheets.length];
    });
  }

  function show() {
    const slide = slides[index];
    const notices = slide ? sheetsOn(slide) : [];
    const role = slide ? items.find((each) => each.id === slide.ids[0]).role : "idle";
    numbers = numbersOf(context);
    element.replaceChildren(draw({ role, notices }, context));
    element.dataset.role = role;
    element.dataset.shows = slide ? slide.ids.join(" ") : "";
    drawn++;
    lasts = SECOND * (slide ? time(notices) : Infinity);
    begin();
  }

  function begin() {
    began = performance.now();
    frame.position(slides.length ? index + 1 : 0, slides.length);
  }

  /** Who reads reads one language. */
  function time(notices) {
    const languages = Math.max(...notices.map((notice) => notice.languages.length));
    const texts = Array.from({ length: languages }, (_, i) => notices.map((notice) => read(notice, i)).join("\n"));
    return Math.max(...texts.map((text) => seconds(text, settings.standard)));
  }

  function read({ entry, languages, fragments, page }, i) {
    const said = entry.said[languages[i] ?? languages[0]];
    const facts = page ? [said.title] : [said.title, said.state, said.when, said.where, said.until, said.expected];
    return [...facts, fragments[i]?.textContent ?? ""].join("\n");
  }

  function step(by) {
    if (!slides?.length) return;
    index = (index + by + slides.length) % slides.length;
    if (slides.length > 1) show();
    else begin();
  }

  return {
    /** What is visible may have changed: shows what is to be seen, without disturbing what goes on. */
    update(manifest, now, verified, silence) {
      context = { ...context, now, verified, desk: manifest?.desk ?? context.desk, duty: manifest?.duty ?? context.duty };
      const idle = slides?.length === 0 && numbers !== numbersOf(context);
      const entries = new Map((manifest?.notices ?? []).map((entry) => [entry.id, entry]));
      const seen = visible(manifest?.notices ?? [], settings.id, now, verified, silence, settings.standard);
      const sharing = groups(seen.filter((each) => each.role === "takeover"));
      const shares = (one) => sharing.find((group) => group.includes(one))?.length ?? 1;
      const fresh = seen.map((each) => item(entries.get(each.id), each.role, shares(each)))
        .filter((each) => each.sheets.length);
      if (slides && !idle && fresh.length === items.length && fresh.every((each, i) => each === items[i])) return;

      const before = slides?.[index];
      const untouched = before && before.ids.every((id) => fresh.includes(items.find((each) => each.id === id)));
      const next = round(fresh.map((each) => ({ id: each.id, role: each.role, slides: each.sheets.length })));
      index = goOn(slides ?? [], index, next);
      [items, slides, made] = [fresh, next, new Map(fresh.map((each) => [each.key, each]))];
      if (untouched && slides[index] && same(slides[index], before)) frame.position(index + 1, slides.length);
      else show();
    },

    /** The screen has another size. */
    fitAgain() {
      made = new Map();
      items = [];
      slides = null;
      index = 0;
    },

    /** Goes on when the slide's time is over; how long it still has, in ms. */
    turn() {
      if (!held && performance.now() - began >= lasts) step(1);
      return held ? Infinity : began + lasts - performance.now();
    },

    next: () => step(1),
    previous: () => step(-1),

    /** Somebody needs longer: what is to be seen stays until it ends. */
    pause() { held = true; },
    resume() {
      if (held) began = performance.now();
      held = false;
    },

    /** How many slides there were so far. */
    drawn: () => drawn,
    takenOver: () => items.some((each) => each.role === "takeover"),
    urgent: () => items.some((each) => each.role === "takeover" || each.role === "urgent"),
    ids: () => items.map((each) => each.id),
  };
}
