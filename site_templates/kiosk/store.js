/* What outlasts a restart, in the browser's cache: the manifest, the clock, which screen this is, and the pictures.
   Where nothing may be kept, or storage does not answer, everything works but the memory. */

const DATA = "gaoshi-kiosk-data";
const FILES = "gaoshi-kiosk-files";
const SECOND = 1000;
const PATIENCE = 5 * SECOND;
const RESPITE = 600 * SECOND;   // for storage that did not answer

let asleep = -Infinity;   // until when, by performance.now()

/** What storage says or does, else `otherwise`; it never fails, and never takes long. */
async function within(does, otherwise = null) {
  if (performance.now() < asleep) return otherwise;
  let timer;
  const tired = new Promise((done) => {
    timer = setTimeout(() => {
      asleep = performance.now() + RESPITE;
      done(otherwise);
    }, PATIENCE);
  });
  try {
    return await Promise.race([does(), tired]);
  } catch {   // it may not, or is full
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {URL} root  the site's; several boards may share an origin
 * @param {boolean} keeps  whether to keep anything
 */
export async function openStore(root, keeps = true) {
  const open = async (name) => (keeps ? caches.open(name) : Promise.reject());
  if (keeps) (async () => navigator.storage.persist())().catch(() => {});   // somebody may be asked, who never answers
  const key = (name) => new URL(`kiosk/kept/${name}`, root).href;

  const get = (name) => within(async () => await (await (await open(DATA)).match(key(name)))?.text() ?? null);
  const put = (name, url, answer) => within(async () => {
    await (await open(name)).put(url, answer);
    return true;
  });

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  return {
    /** The manifest's text, to be judged as if it had just come; and whether one is kept now. */
    manifest: () => get("manifest"),
    keepManifest: (text) => put(DATA, key("manifest"), new Response(text)),

    /** @returns {Promise<{offset: number, seen: number, contact: number|null}|null>} */
    async clock() {
      const kept = parsed(await get("clock"));
      return Number.isFinite(kept?.offset) && Number.isFinite(kept?.seen) ? kept : null;
    },
    keepClock: (kept) => put(DATA, key("clock"), new Response(JSON.stringify(kept))),

    /** The id of the screen that this is, as chosen by who mounted it. */
    chosen: () => get("screen"),
    choose: (id) => put(DATA, key("screen"), new Response(id)),

    files: {
      has: (url) => within(async () => Boolean(await (await open(FILES)).match(url)), false),
      put: (url, answer) => put(FILES, url, answer),
    },

    /** Forgets this site's files that `manifest` does not name. */
    sweep: (manifest) => within(async () => {
      const files = await open(FILES), own = new URL("kiosk/files/", root).href;
      const named = new Set(manifest.notices.flatMap((entry) => entry.assets).map((part) => new URL(part.path, root).href));
      for (const { url } of await files.keys()) {
        if (url.startsWith(own) && !named.has(url)) await files.delete(url);
      }
    }),
  };
}
