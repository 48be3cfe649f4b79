/** The slim frame around the slides: the estate's name, date and clock, the position in the round, the mark of health.

It speaks the language of what is on the stage.
*/

import { fill, icon, make, seal } from "./dom.js";

const MARKS = {
  well: "check-circle-outline", late: "cloud-off-outline", standing: "clock-alert", unverified: "help-circle-outline",
  preview: "pencil-circle",
};

/** Fill `root` (the page's header). The result's functions may be called at any time, as often as one likes:
`name()` the estate's name anew; `tick(now, verified)` date and clock (milliseconds since 1970);
`position(number, count)` the slide that is shown, from 1; `mark(state)` how the screen is:
well, late, standing, unverified or of a preview.
*/
export function createFrame(root, settings) {
  const title = make("p", "frame__name"), date = make("p", "frame__date"), clock = make("p", "frame__clock");
  const health = make("p", "frame__mark"), count = make("p", "frame__count"), round = make("div", "frame__round");
  round.setAttribute("aria-hidden", "true");
  round.append(make("i"));
  root.replaceChildren(seal(), title, health, count, date, clock, round);
  let shown = "";

  const language = () => {
    const tag = document.querySelector("#stage .slide")?.lang;
    return settings.languages.find((each) => settings.tags[each] === tag) ?? settings.languages[0];
  };
  const write = (element, text) => element.textContent !== text && (element.textContent = text);

  const frame = {
    name() {
      title.replaceChildren(...settings.languages.map((each, index) => {
        const part = make(index ? "span" : "b", "", settings.estate[each]);
        part.lang = settings.tags[each];
        return part;
      }));
    },
    tick(now, verified) {
      const words = settings.words[language()];
      const { weekday, day, month, hour, minute } = parts(now, settings.zone);
      root.lang = settings.tags[language()];
      const named = { weekday: words.weekdays.split(" ")[weekday], month: words.months.split(" ")[month - 1], day };
      write(date, verified ? fill(words.date, named) : "");
      const time = verified ? `${hour}:${minute}` : "--:--";
      write(clock, time);
      for (const each of document.querySelectorAll("[data-clock]")) write(each, time);
    },
    position(number, all) {
      if (shown === `${number}/${all}`) return;
      shown = `${number}/${all}`;
      count.textContent = all > 1 ? `${number}/${all}` : "";
      round.hidden = all < 2;
      round.style.setProperty("--from", (number - 1) / all);
      round.style.setProperty("--share", 1 / all);
    },
    mark(state) {
      const text = settings.words[language()][state];
      if (health.dataset.mark === state && health.textContent === text) return;
      health.dataset.mark = state;
      health.replaceChildren(icon(`material/${MARKS[state]}`), make("span", "", text));
    },
  };
  frame.name();
  return frame;
}

const FORMATS = new Map();

/** Date and time in the board's zone, whatever the device's own is. */
function parts(now, zone) {
  if (!FORMATS.has(zone)) {
    FORMATS.set(zone, new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, weekday: "short", day: "numeric", month: "numeric",
      hour: "numeric", minute: "2-digit", hourCycle: "h23",
    }));
  }
  const found = Object.fromEntries(FORMATS.get(zone).formatToParts(now).map(({ type, value }) => [type, value]));
  const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(found.weekday);
  return { ...found, weekday, day: Number(found.day), month: Number(found.month), hour: String(Number(found.hour)) };
}
