/** What one slide looks like: elements made from the manifest's entries; nothing here decides what is shown when.

A slide is `{role, notices}`. Each notice is one of the pages that `laidOut` (fit.js) made:
`{entry, role, languages, fragments, page, pages, more, cover, tight, scale, shares}`:
`languages` are one language, or two that stand side by side; `fragments` one DocumentFragment for each of them, or null;
`more`: further pages are not shown, the code leads to them; `cover`: the first page has the facts and no text, the
later ones the text and no facts;
`tight` 0 to 4: how closely set; `scale`: of the text's size; `shares`: how many notices have the screen at once.
What stands upright or beside others, or is read from afar, is stacked: facts above the text.
`context` is `{settings, now, desk, duty}`: the page's settings, milliseconds since 1970, and the manifest's numbers to
call, by language. A slide without notices is the idle screen.
*/

import { code, fill, icon, kindIcon, make, phrased, seal } from "./dom.js";

const OUTCOMES = {
  resolved: "check-circle", postponed: "calendar-refresh", cancelled: "close-circle", withdrawn: "undo-variant",
};
const FAR = 1.4; // times the least size of type
const LOUD = ["urgent", "takeover"];

/** The element of a slide. */
export function draw(slide, context) {
  const { settings } = context;
  if (!slide.notices?.length) return idle(context);
  const element = make("div", "slide", slide.notices.map((notice) => sheet({ role: slide.role, ...notice }, context)));
  element.dataset.role = slide.role;
  element.dataset.shares = slide.notices.length;
  const languages = new Set(slide.notices.flatMap((notice) => notice.languages));
  if (languages.size === 1) element.lang = settings.tags[[...languages][0]];
  return element;
}

const upright = () => innerHeight > innerWidth;

/** Whether the screen is read from so far that facts beside the text would leave too little room for it. */
function far() {
  const style = getComputedStyle(document.documentElement);
  return parseFloat(style.getPropertyValue("--type")) > FAR * parseFloat(style.getPropertyValue("--note"));
}

/** Of many that share the screen each has only what is most needed; whom to call tells the rest. */
export const crowded = ({ shares = 1 }) => shares > 1 && upright();

/** One notice as a sheet: an aside with its kind, facts and whom to call, and its title and text. */
export function sheet(notice, context) {
  const { entry, languages, role } = notice;
  const pair = languages.length > 1;
  const tongues = languages.map((language, index) => tongue(notice, language, index, context));
  const badge = kind(notice, context), foot = whomToCall(notice, context);
  const goesOn = notice.cover && notice.page;
  const parts = pair ? [badge, beside(tongues), foot] : alone(tongues[0], badge, foot, goesOn || role === "takeover");
  const element = make("article", "sheet", parts);
  Object.assign(element.dataset, {
    id: entry.id, kind: entry.kind, tone: entry.tone, role, tight: notice.tight ?? 0, shares: notice.shares ?? 1,
    form: pair ? "pair" : "one", part: goesOn ? "text" : (notice.cover ? "cover" : "all"),
  });
  element.style.setProperty("--scale", notice.scale ?? 1);
  if (far()) element.dataset.far = "";
  if (crowded(notice)) element.dataset.crowded = "";
  if (notice.more) element.dataset.more = "";
  if (pair || notice.shares > 1 || upright() || far()) element.dataset.stacked = "";
  if (entry.subtype) element.dataset.subtype = entry.subtype;
  if (entry.outcome) element.dataset.outcome = entry.outcome.is;
  if (!pair) spoken(element, context.settings.tags[languages[0]]);
  return element;
}

const beside = (tongues) => make("div", "pair", tongues.map(({ title, page, state, facts, text, lang }) =>
  spoken(make("section", "tongue", [page ? make("header", "head", [title, page]) : title, state, facts, text]), lang)));

/** What takes over has its title above everything, and so has a page that only goes on with the text. */
const alone = ({ title, page, state, facts, text }, badge, foot, above) => (above
  ? [make("header", "band", [badge, title, page]), make("div", "aside", [facts, foot]), make("div", "words", [state, text])]
  : [make("div", "aside", [badge, facts, foot]), make("div", "words", [title, state, text])]);

/** The parts of a notice in one language. */
function tongue(notice, language, index, { settings, now }) {
  const { entry, page = 0, pages = 1 } = notice;
  const said = entry.said[language];
  const words = settings.words[language];
  const overdue = entry.overdue_from && now >= Date.parse(entry.overdue_from) && said.overdue;
  const own = (element) => (element && said.lang ? spoken(element, said.lang) : element);

  const title = own(make("h1", "title", phrased(said.title)));
  const place = pages > 1 && make("small", "page", fill(words.page, { page: page + 1, pages }));
  const goesOn = notice.cover && page > 0;   // then its title may be cut short, but not its place
  if (place && !goesOn) title.append(" ", place);
  const settled = entry.outcome && notice.role === "outcome";
  const [, detail] = settled ? outcomeOf(said) : [];
  const leading = overdue || (settled ? detail : said.state);
  const sign = overdue ? "material/clock-alert" : stateIcon(entry);
  const state = leading && own(make("p", "state", [icon(sign), told(leading, overdue)]));
  if (state) state.dataset.state = overdue ? "overdue" : (entry.outcome?.is ?? "corrected");
  const moved = ["postponed", "cancelled"].includes(entry.outcome?.is);
  const facts = make("dl", "facts", [
    fact("when", "clock-outline", words.when, said.when, { former: moved }),
    !overdue && !entry.outcome && fact("expected", "clock-outline", words.expected, said.expected, { labelled: true }),
    fact("where", "map-marker", words.where, said.where),
    fact("until", "calendar-end", words.until, said.until, { labelled: true }),
  ]);
  const fragment = notice.fragments?.[index];
  const text = fragment && own(make("div", "text", fragment.cloneNode(true)));
  return { title, page: goesOn && place, state, facts, text, lang: settings.tags[language] };
}

const stateIcon = (entry) => `material/${entry.outcome ? (OUTCOMES[entry.outcome.is] ?? "check-circle") : "pencil-circle"}`;

/** What is the case; of a `sentence` that goes on after a colon, that may be left out. */
function told(text, sentence) {
  const [, lead, more] = (sentence && /^(.+?)(：.*|: .*)$/s.exec(text)) || ["", text, ""];
  return make("span", "", [make("b", "", phrased(lead)), more && make("span", "more", phrased(unbroken(more)))]);
}

/** Numbers and what belongs to them on one line: a span of time, a telephone's number, a date. */
function unbroken(text) {
  return text.replace(/(?<=\d)[-–]+(?=\d)/g, "\u2060$&\u2060")
    .replace(/(?<=\d) (?=\p{Script=Han})| (?=\d{1,2} \p{Lu})|(?<=\d) (?=\p{Lu})|(?<=\p{L}) (?=\d{4})/gu, "\u00a0")
    .replace(/(?<!年.*)（/g, "\u2060（");
}

/** "已延期：改期至 12月5日 · 11月24日" as what is the case, and what belongs to it: a new date, else since when. */
function outcomeOf({ state, kind }) {
  const [, label, mark, rest] = /^(.+?)(：|: | · )(.*)$/.exec(state) ?? ["", state || kind, "", ""];
  return [label, mark === " · " ? rest : rest.split(" · ")[0]];
}

/** One of the facts; `former`: no longer so. */
function fact(name, drawing, label, value, { labelled = false, former = false } = {}) {
  if (!value) return null;
  const written = name === "where" ? phrased(value) : unbroken(value);
  const term = make("dt", "", [icon(`material/${drawing}`), make("span", labelled ? "" : "hidden", label)]);
  const element = make("div", "fact", [term, " ", make("dd", "", former ? make("s", "", written) : written)]);
  element.dataset.fact = name;
  return element;
}

/** Icon and name of the kind; of what was settled, the outcome instead. */
function kind({ entry, languages, role }, { settings }) {
  const settled = role === "outcome" && entry.outcome;
  const each = (say) => languages.map((language) => spoken(make("span", "", say(language)), settings.tags[language]));
  const names = each((language) => (settled ? outcomeOf(entry.said[language])[0] : entry.said[language].kind));
  const pressing = LOUD.includes(role) ? "urgent" : { major: "major", important: "important" }[entry.tone];
  const stamp = !settled && pressing && make("b", "stamp", each((language) => settings.words[language][pressing]));
  const drawing = settled ? icon(stateIcon(entry)) : kindIcon(entry.kind, entry.subtype);
  return make("p", "badge", [drawing, make("span", "names", [make("span", "kinds", names), stamp])]);
}

/** Whom to call, and the code that leads to the notice's own page. */
function whomToCall({ entry, languages, more }, { settings }) {
  const first = languages[0];
  const calls = entry.said[first].contacts.map((_, index) =>
    call(languages.map((language) => [language, entry.said[language].contacts[index]]), settings));
  const leads = entry.qr?.[first];
  const invites = (more ? languages : [first]).map((language) =>
    spoken(make("span", "", settings.words[language][more ? "more" : "scan"]), settings.tags[language]));
  const scan = leads && make("figure", "scan", [code(leads), make("figcaption", "", invites)]);
  return make("div", "foot", [make("div", "calls", calls), scan]);
}

/** A contact in each of the languages given, as `[language, contact]`, and its number once. */
function call(named, settings) {
  const said = named.filter(([, contact]) => contact);
  const names = said.map(([language, { name, hours }]) =>
    spoken(make("span", "call__name", [name, hours && make("small", "call__hours", hours)]), settings.tags[language]));
  return make("p", "call", [...names, make("b", "number", said[0][1].number)]);
}

/** Nothing to say: the estate's name, the time, and where somebody answers. */
function idle({ settings, desk, duty }) {
  const languages = settings.languages;
  const names = languages.map((language) => spoken(make("span", "", settings.estate[language]), settings.tags[language]));
  const time = make("p", "idle__time", "");
  time.dataset.clock = "";
  const called = [desk, duty].filter(Boolean).map((contact) =>
    languages.filter((language) => contact[language]).map((language) => [language, contact[language]])).filter((each) => each.length);
  const seen = new Set();
  const distinct = called.filter(([[, { number }]]) => !seen.has(number) && seen.add(number));
  const numbers = distinct.map((each) => call(each, settings));
  const element = make("div", "slide idle", [seal(), make("h1", "idle__name", names), time, make("div", "calls", numbers)]);
  element.dataset.role = "idle";
  element.lang = settings.tags[languages[0]];
  return element;
}

/** The text of a notice as it is shown here: what is to be said of how the matter ended comes first, and instead where
nothing is to be done any more; addresses of pictures, in the manifest from the site's root, are such as this page reaches. */
export function textOf({ entry, role }, language, root) {
  const note = role === "outcome" && entry.said[language].note;
  const over = role === "outcome" && entry.outcome.is !== "postponed";
  const html = over ? "" : (entry.html[language] ?? "").replaceAll('src="kiosk/files/', `src="${root}kiosk/files/`);
  return (note ? make("p", "", note).outerHTML : "") + html;
}

function spoken(element, tag) {
  element.lang = tag;
  return element;
}
