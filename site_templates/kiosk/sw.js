/* Keeps the page so that it starts without a network. In front of this the generator writes VERSION, and SHELL: all
   that the page consists of, relative to this folder. The manifest is the page's business, never kept here. */
"use strict";

const { scope } = self.registration;
const SHELLS = `gaoshi-kiosk-shell ${scope} `;   // several boards may share an origin
const FILES = "gaoshi-kiosk-files";
const TYPES = { js: /javascript/, css: /^text\/css/, html: /^text\/html/, svg: /^image\/svg/ };

/** All of the page or nothing: a sign-in page in the place of one file must not become part of it. */
async function fill() {
  const name = SHELLS + VERSION;
  try {
    const cache = await caches.open(name);
    await Promise.all(SHELL.map(async (path) => {
      const url = new URL(path, scope);
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
      const suffix = /\.(\w+)$/.exec(url.pathname)?.[1] ?? "html";
      const right = TYPES[suffix]?.test(answer.headers.get("Content-Type") ?? "") ?? true;
      if (!answer.ok || answer.redirected || !right) throw new Error(`${path}: ${answer.status}`);
      if (suffix === "html" && !(await answer.clone().text()).includes(VERSION)) throw new Error(`${path}: of another version`);
      await cache.put(url, answer);
    }));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(SHELLS) && name !== SHELLS + VERSION).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request, url) {
  const cache = await caches.open(SHELLS + VERSION);
  const plain = url.origin + url.pathname.replace(/\/index\.html$/, "/");
  const found = await cache.match(plain);
  if (found) return found;
  if (await cache.match(`${plain}/`)) return Response.redirect(`${plain}/`);
  const answer = await fetch(request).catch(() => null);
  // Where the screen of this address is no more, one chooses which this is.
  const gone = request.mode === "navigate" && !answer?.ok && await cache.match(scope);
  return gone ? Response.redirect(scope) : answer ?? Response.error();
}

/** Nothing is asked for as somebody in particular, so no browser asks who that is. */
async function file(request, url) {
  const cache = await caches.open(FILES);
  return await cache.match(url.href) ?? fetch(request.url, { credentials: "omit" });
}

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(dropOthers()));
addEventListener("message", (event) => { if (event.data === "take over") self.skipWaiting(); });
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.href.startsWith(scope)) return;
  event.respondWith((url.href.startsWith(`${scope}files/`) ? file : page)(event.request, url));
});
