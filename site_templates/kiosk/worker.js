/* The service worker, which lets the page start without a network. A new one waits until the page lets it take over:
   between three and four in the night, when all of it is there. */

const HOUR = 3600000;
const NIGHT = 3;

/** @returns {{turn: (now: number) => void, look: () => void}} */
export function createWorker(settings) {
  let registration = null, looked = performance.now(), told = null;
  const hour = new Intl.DateTimeFormat("en", { timeZone: settings.zone, hour: "numeric", hourCycle: "h23" });
  const workers = navigator.serviceWorker;

  const register = () => workers?.register(new URL("kiosk/sw.js", settings.root), { updateViaCache: "none" })
    .then((found) => { registration = found; }, () => {});
  register();
  workers?.addEventListener("controllerchange", () => { if (told) location.reload(); });

  return {
    /** Lets a new version take over if it is night. */
    turn(now) {
      const waiting = registration?.waiting;
      if (!waiting || waiting === told || Number(hour.format(now)) !== NIGHT) return;
      told = waiting;
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
