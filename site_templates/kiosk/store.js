/* What outlasts a restart, in the browser's cache: the manifest, the clock, which screen this is, and the pictures.
   Where nothing may be kept, everything works but the memory. */

const DATA = "gaoshi-kiosk-data";
const FILES = "gaoshi-kiosk-files";

/** @param {URL} root  the site's; several boards may share an origin */
export async function openStore(root) {
  let data = null, files = null;
  try {
    [data, files] = await Promise.all([caches.open(DATA), caches.open(FILES)]);
    navigator.storage?.persist?.()?.catch(() => {});
  } catch { /* no storage */ }
  const key = (name) => new URL(`kiosk/kept/${name}`, root).href;

  async function get(name) {
    try {
      return await (await data?.match(key(name)))?.text() ?? null;
    } catch {
      return null;
    }
  }

  async function put(cache, url, answer) {
    try {
      await cache?.put(url, answer);
    } catch { /* full: the picture comes by the network */ }
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  return {
    /** The manifest's text, to be judged as if it had just come. */
    manifest: () => get("manifest"),
    keepManifest: (text) => put(data, key("manifest"), new Response(text)),

    /** @returns {Promise<{offset: number, seen: number, contact: number|null}|null>} */
    async clock() {
      const kept = parsed(await get("clock"));
      return Number.isFinite(kept?.offset) && Number.isFinite(kept?.seen) ? kept : null;
    },
    keepClock: (kept) => put(data, key("clock"), new Response(JSON.stringify(kept))),

    /** The id of the screen that this is, as chosen by who mounted it. */
    chosen: () => get("screen"),
    choose: (id) => put(data, key("screen"), new Response(id)),

    files: {
      has: async (url) => Boolean(await files?.match(url)),
      put: (url, answer) => put(files, url, answer),
    },

    /** Forgets this site's files that `manifest` does not name. */
    async sweep(manifest) {
      const named = new Set(manifest.notices.flatMap((entry) => entry.assets).map((part) => new URL(part.path, root).href));
      for (const { url } of await files?.keys() ?? []) {
        if (url.startsWith(root.href) && !named.has(url)) await files.delete(url);
      }
    },
  };
}
