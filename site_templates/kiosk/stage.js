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

const roundOf = (items) => round(items.map(({ id, role, sheets }) => ({ id, role, slides: sheets.length })));

/** What else than notices a slide says. */
const numbersOf = ({ desk, duty }) => JSON.stringify([desk, duty]);

export function createStage(element, measure, settings, frame) {
  let made = new Map();   // items by what they depend on
  let wanted = [];        // what is to be seen, with its items as far as they are laid out
  let items = [], slides = null, index = 0;
  let began = 0, lasts = Infinity, held = false, drawn = 0;
  let context = { settings, desk: settings.desk, duty: settings.duty }, numbers = "";

  /** What is to be seen, each with its item if that was laid out before. */
  function listed(seen, entries) {
    const sharing = groups(seen.filter((each) => each.role === "takeover"));
    return seen.map((each) => {
      const entry = entries.get(each.id);
      const shares = sharing.find((group) => group.includes(each))?.length ?? 1;
      const key = [each.id, each.role, shares, overdue(entry, context.now)].join("\n");
      const old = made.get(key);
      return { ...each, entry, shares, key, item: old?.entry === entry ? old : null };
    });
  }

  /** Lays out what takes over, or one: it takes time, in which the round goes on. What is on comes first, and there is
      never nothing to show where there is something. */
  function layOut() {
    const on = slides?.[index]?.ids ?? [];
    const missing = wanted.filter(({ item }) => !item).sort((one, other) => on.includes(other.id) - on.includes(one.id));
    for (const [place, one] of missing.entries()) {
      if (place && one.role !== "takeover" && wanted.some(({ item }) => item?.sheets.length)) continue;
      const { id, role, entry, key, shares } = one;
      one.item = { id, role, entry, key, sheets: sheetsOf(entry, role, shares) };
    }
  }

  function sheetsOf(entry, role, shares) {
    try {
      const told = settings.languages.filter((language) => entry.said[language]);   // the board's may have changed
      const own = told.filter((language) => !entry.said[language].lang);
      const languages = own.length ? own : told.slice(0, 1);
      const groups = settings.together && innerWidth > innerHeight ? [languages] : languages.map((language) => [language]);
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

  /** Shows the slide that is on. What cannot be drawn is left out: nothing that has ended stays because of it. */
  function show() {
    const slide = slides[index];
    try {
      put(slide);
    } catch (error) {
      console.warn(error);
      if (slide) {
        leaveOut(slide.ids);
        show();
      } else element.replaceChildren(draw({ notices: [] }, { ...context, desk: null, duty: null }));
    }
  }

  function put(slide) {
    const notices = slide ? sheetsOn(slide) : [];
    const role = slide ? items.find((each) => each.id === slide.ids[0]).role : "idle";
    element.dataset.role = role;
    element.dataset.shows = slide ? slide.ids.join(" ") : "";
    numbers = numbersOf(context);
    lasts = SECOND * (slide ? time(notices) : Infinity);
    drawn++;
    begin();
    element.replaceChildren(draw({ role, notices }, context));
  }

  function leaveOut(ids) {
    for (const each of items) if (ids.includes(each.id)) each.sheets = [];
    items = items.filter((each) => each.sheets.length);
    const left = roundOf(items);
    [index, slides] = [goOn(slides, index, left), left];
  }

  const takeovers = () => items.filter((each) => each.role === "takeover").map((each) => each.id);

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
    const news = overdue(entry, context.now) ? [said.overdue] : [said.state, said.expected];
    const facts = page ? [said.title] : [said.title, said.when, said.where, said.until, ...news];
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
      const { desk, duty } = manifest ?? context;
      context = { ...context, now, verified, desk, duty };
      const idle = slides?.length === 0 && numbers !== numbersOf(context);
      const entries = new Map((manifest?.notices ?? []).map((entry) => [entry.id, entry]));
      const seen = visible(manifest?.notices ?? [], settings.id, now, verified, silence, settings.standard);
      wanted = listed(seen, entries);
      layOut();
      made = new Map(wanted.filter(({ item }) => item).map(({ key, item }) => [key, item]));
      const fresh = [...made.values()].filter((each) => each.sheets.length);
      if (slides && !idle && fresh.length === items.length && fresh.every((each, i) => each === items[i])) return;

      const before = slides?.[index];
      const untouched = before && before.ids.every((id) => fresh.includes(items.find((each) => each.id === id)));
      const next = roundOf(fresh);
      const newcomer = fresh.find(({ id, role }) => role === "takeover" && !takeovers().includes(id));
      index = newcomer ? next.findIndex(({ ids }) => ids.includes(newcomer.id)) : goOn(slides ?? [], index, next);
      [items, slides] = [fresh, next];
      if (untouched && slides[index] && same(slides[index], before)) frame.position(index + 1, slides.length);
      else show();
    },

    /** Whether notices are still to be laid out, by further updates. */
    waiting: () => wanted.some(({ item }) => !item),

    /** The screen has another size. */
    fitAgain() {
      made = new Map();
      items = [];
      slides = null;
      index = 0;
    },

    /** Goes on when the slide's time is over; how long it still has, in ms. */
    turn() {
      const left = () => began + lasts - performance.now();
      if (!held && left() < 1) step(1);   // less than a timer can wait
      return held ? Infinity : left();
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
    /** The ids of what takes over. */
    takeovers,
    urgent: () => items.some((each) => each.role === "takeover" || each.role === "urgent"),
    ids: () => wanted.filter(({ item }) => !item || item.sheets.length).map(({ id }) => id),
  };
}
