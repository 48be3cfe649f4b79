/** For a person who needs longer (WCAG 2.2.2): pause, go on, back and forth, by button and by key.

The buttons come when the screen is touched, a pointer moves or Tab or a key of theirs is pressed, and leave again.
*/

import { make } from "./dom.js";

const LINGER = 10_000;       // the buttons stay for as long after the last touch
const GO_ON = 2 * 60_000;    // a pause ends by itself, and so does what the keys were on: nobody comes to end it

/** Fill `root` with the buttons. `round` has `pause()`, `resume()`, `next()` and `previous()`. */
export function createPause(root, settings, round) {
  const words = settings.words[settings.languages[0]];
  const button = (name, does) => {
    const made = make("button", `controls__${name}`, words[name]);
    made.type = "button";
    made.addEventListener("click", does);
    return made;
  };
  let paused = false, waking = 0, hiding = 0;

  const show = () => {
    root.classList.add("shown");
    clearTimeout(hiding);
    hiding = setTimeout(() => paused || hide(), root.querySelector(":focus-visible") ? GO_ON : LINGER);
  };
  const hide = () => {
    if (root.contains(document.activeElement)) document.activeElement.blur();
    root.classList.remove("shown");
  };
  const set = (value) => {
    paused = value;
    clearTimeout(waking);
    if (paused) waking = setTimeout(() => { set(false); hide(); }, GO_ON);
    toggle.textContent = paused ? words.go_on : words.pause;
    note.textContent = paused ? words.paused : "";
    document.documentElement.toggleAttribute("data-paused", paused);
    if (paused) round.pause();
    else round.resume();
    show();
  };
  const turn = (where) => () => {
    round[where]();
    if (paused) set(true); // who turns pages is still there
    show();
  };

  const toggle = button("pause", () => set(!paused));
  const note = make("p", "controls__note");
  note.setAttribute("role", "status");
  root.replaceChildren(button("previous", turn("previous")), toggle, button("next", turn("next")), note);
  root.setAttribute("aria-label", words.slides);

  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.key === " " && event.target.tagName !== "BUTTON") set(!paused);
    else if (event.key === "ArrowRight") turn("next")();
    else if (event.key === "ArrowLeft") turn("previous")();
    else return void (event.key === "Tab" && show());
    event.preventDefault();
  });
  for (const kind of ["pointermove", "pointerdown", "focusin"]) addEventListener(kind, show);
  addEventListener("contextmenu", (event) => event.preventDefault());
  return {
    /** Something pressing has come: go on now. */
    end: () => {
      if (paused) set(false);
      hide();
    },
  };
}
