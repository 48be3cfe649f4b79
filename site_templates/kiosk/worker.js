/* The service worker, which lets the page start without a network. A new one waits until the page lets it take over,
   when all of it is there: between three and four in the night, or at once where nobody can know when that is. */

const HOUR = 3600000;
const NIGHT = 3;

/** @returns {{turn: (now: number|null) => void, look: () => void}} */
export function createWorker(settings) {
  let registration = null, looked = performance.now(), told = false;
  const hour = new Intl.DateTimeFormat("en", { timeZone: settings.zone, hour: "numeric", hourCycle: "h23" });

  async function register() {
    if (settings.preview) return;
    try {
      const workers = navigator.serviceWorker;
      workers.oncontrollerchange = () => { if (told) location.reload(); };
      registration = await workers.register(new URL("kiosk/sw.js", settings.root), { updateViaCache: "none" });
    } catch { /* a browser that has none, or lets nobody: the page comes by the network */ }
  }
  register();

  return {
    /** Lets a new version take over if it is night; `null`: nobody knows, so at once. Said each time, since
        a worker that could not be started did not hear it. */
    turn(now) {
      const waiting = registration?.waiting;
      const night = now === null || Number(hour.format(now)) === NIGHT;
      if (!waiting || !night) return;
      told = true;
      waiting.postMessage("take over");
    },

    /** The server can be reached: asks once an hour whether there is a new version. */
    look() {
      if (performance.now() - looked < HOUR) return;
      looked = performance.now();
      if (registration) registration.update().catch(() => {});
      else register();
    },
  };
}
