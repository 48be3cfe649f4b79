/** Care for a screen that is never switched off: its size of type, its wakefulness, its pixels. */

const LEAST = 0.035;   // of the screen's height
const DISTANCE = 200;  // a character is as high as a two-hundredth of the distance that it is read from
const MOST = 12;       // of the shorter side, one line in so many
const INCH = 25.4;     // millimetres
const DRIFT = 4;       // pixels to each side
const MINUTE = 60_000;

/** Sizes in CSS pixels: `type` for titles and text, `note` for the rest.

`width` and `height` in CSS pixels, `size` the diagonal in inches, `distance` in metres.
*/
export function typeSizes({ width, height, size, distance }) {
  const pixels = Math.hypot(width, height) / (size * INCH);
  const note = Math.ceil(height * LEAST * 10 - 1e-6) / 10;   // never below, for a fraction that cannot be written
  const wanted = ((distance * 1000) / DISTANCE) * pixels;
  return { note, type: Math.max(note, Math.min(wanted, Math.min(width, height) / MOST)) };
}

/** Set the sizes for this screen, now and whenever it changes; `changed` is called after a change. */
export function sizeType(settings, changed = () => {}) {
  const set = () => {
    const sizes = typeSizes({ width: innerWidth, height: innerHeight, ...settings });
    const style = document.documentElement.style;
    for (const [name, pixels] of Object.entries(sizes)) style.setProperty(`--${name}`, `${pixels}px`);
  };
  set();
  addEventListener("resize", () => {
    set();
    changed();
  });
}

/** Ask that the screen stays on, again each time that was taken back; a browser that refuses is left alone a while. */
export function keepAwake() {
  let lock = null, timer = 0;
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(ask, milliseconds);
  };
  async function ask() {
    if (document.visibilityState !== "visible" || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => later(MINUTE), { once: true });
    } catch {
      later(10 * MINUTE);
    }
  }
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** Where everything stands in a minute, in pixels: round a square, so that each place is left again. */
export function drift(minute) {
  const side = 2 * DRIFT, along = ((minute % (4 * side)) + 4 * side) % (4 * side);
  const [x, y] = [[along, 0], [side, along - side], [3 * side - along, side], [0, 4 * side - along]][Math.floor(along / side)];
  return { x: x - DRIFT, y: y - DRIFT };
}

/** Move the picture a pixel each minute, so that nothing burns in. */
export function shiftPixels(mono = () => performance.now()) {
  const move = () => {
    const { x, y } = drift(Math.floor(mono() / MINUTE));
    document.body.style.setProperty("--drift", `${x}px ${y}px`);
  };
  move();
  setInterval(move, MINUTE);
}
