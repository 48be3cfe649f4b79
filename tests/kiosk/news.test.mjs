// What is accepted as news: whole, of this board, not older, not from the future; anything else changes nothing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { LARGEST, accept, fetchParts, load } from "./modules/news.js";
import { askServer } from "./modules/server.js";

const AT = "2026-11-24T10:00:00+08:00";
const NOW = Date.parse(AT);
const settings = { board: "cloudtop", standard: { ahead: 300 } };
const sha256 = (data) => createHash("sha256").update(data).digest("hex");

const contact = { name: "前台", number: "000-5550-0100", hours: "" };
const said = (more = {}) => ({ zh: {
  lang: "", kind: "停水", title: "停水", when: "", where: "", until: "", expected: "", overdue: "", state: "", note: "",
  contacts: [contact], text: "停水", ...more,
} });
const entry = (more = {}) => ({
  id: "2026-11/water", valid_from: AT, leaves: null, takes_over_until: null, overdue_from: null, screens: ["lobby-1"],
  urgent: false, standing: false, tone: "general", outcome: null, html: { zh: "<p>停水</p>" }, said: said(),
  qr: { zh: null }, assets: [], ...more,
});
const manifest = (more = {}, at = AT) => ({
  format: 1, board: "cloudtop", at, sequence: Math.floor(Date.parse(at) / 1000), desk: { zh: contact }, duty: null, notices: [entry()], ...more,
});
const judged = (value, held = null, trusted = null) =>
  accept(typeof value === "string" ? value : JSON.stringify(value), held, trusted, settings);
const later = (seconds) => new Date(NOW + 1000 * seconds).toISOString();

test("a whole manifest is accepted as it is", () => {
  assert.deepEqual(judged(manifest()).manifest, manifest());
  assert.deepEqual(judged(manifest({ notices: [] })).manifest.notices, []);
});

test("keys that are not known yet are no reason to refuse", () => {
  assert.ok(judged(manifest({ hints: 1, notices: [entry({ hints: 1 })] })).manifest);
});

const broken = {
  "a sign-in page": "<!doctype html><title>Sign in</title>",
  "nothing": "",
  "null": "null",
  "a list": "[]",
  "half of it": JSON.stringify(manifest()).slice(0, -20),
  "another format": manifest({ format: 2 }),
  "no notices": manifest({ notices: undefined }),
  "notices of another type": manifest({ notices: {} }),
  "no instant": manifest({ at: undefined }),
  "an instant without an offset": { ...manifest(), at: "2026-11-24T10:00:00" },
  "a sequence that is not the second of its instant": manifest({ sequence: NOW / 1000 + 1 }),
  "a sequence that is text": manifest({ sequence: String(NOW / 1000) }),
  "a part whose name is not its digest":
    manifest({ notices: [entry({ assets: [{ path: `kiosk/files/${"a".repeat(64)}.png`, sha256: "b".repeat(64) }] })] }),
  "a part elsewhere":
    manifest({ notices: [entry({ assets: [{ path: `../${"a".repeat(64)}.png`, sha256: "a".repeat(64) }] })] }),
};
for (const [name, wrong] of Object.entries({
  id: 7, valid_from: "yesterday", leaves: 5, takes_over_until: "", overdue_from: {}, screens: "lobby-1", urgent: "no",
  standing: null, tone: "loud", outcome: "resolved", html: "<p>", said: { zh: "x" }, qr: { zh: 5 }, assets: {},
})) {
  broken[`an entry whose ${name} is of another type`] = manifest({ notices: [entry({ [name]: wrong })] });
  broken[`an entry without ${name}`] = manifest({ notices: [entry({ [name]: undefined })] });
}
for (const name of ["desk", "duty"]) {
  for (const wrong of ["x", [], { zh: null }, { zh: "x" }, { zh: {} }, { zh: { ...contact, number: 5 } }]) {
    broken[`whose ${name} is ${JSON.stringify(wrong)}`] = manifest({ [name]: wrong });
  }
}
for (const [name, value] of Object.entries(broken)) {
  test(`refused: ${name}`, () => assert.ok(judged(value).refused));
}

test("a desk may be missing", () => {
  for (const desk of [null, undefined, {}]) assert.ok(judged(manifest({ desk, duty: desk })).manifest);
});

for (const [name, wrong] of Object.entries({
  title: { zh: "停水" }, "title that is empty": " ", kind: 5, when: {}, where: ["x"], until: true, expected: 1, overdue: {},
  state: 5, note: [], lang: 7, contacts: null, "contacts without a number": [{ name: "前台", hours: "" }],
})) {
  test(`a notice is left out for what it says, and takes no other with it: ${name}`, () => {
    const bad = entry({ id: "2026-11/bad", said: said({ [name.split(" ")[0]]: wrong }) });
    assert.deepEqual(judged(manifest({ notices: [bad, entry()] })).manifest.notices, [entry()]);
  });
}

test("another board's manifest is refused", () => {
  assert.equal(judged(manifest({ board: "hillside" })).refused, "another board");
});

test("a manifest of a second before the held one is refused, of the same second it is nothing new, of the next it is taken", () => {
  const held = judged(manifest()).manifest;
  assert.equal(judged(manifest({}, later(-1)), held).refused, "older");
  assert.equal(judged(manifest(), held).manifest, held);
  assert.equal(judged(manifest({}, later(1)), held).manifest.sequence, held.sequence + 1);
});

test("a manifest five minutes ahead of a trusted clock is taken, a second more is refused", () => {
  assert.ok(judged(manifest({}, later(300)), null, NOW).manifest);
  assert.equal(judged(manifest({}, later(301)), null, NOW).refused, "ahead");
  assert.ok(judged(manifest({}, later(301)), null, null).manifest, "nobody knows better");
});

test("more than 16 times 1024 times 1024 characters are refused", () => {
  const padded = (size) => JSON.stringify(manifest()).padEnd(size);
  assert.ok(judged(padded(LARGEST)).manifest);
  assert.equal(judged(padded(LARGEST + 1)).refused, "huge");
});

test("an entry that says the same stays the same object", () => {
  const held = judged(manifest()).manifest;
  const fresh = judged(manifest({ notices: [entry(), entry({ id: "2026-11/lift" })] }, later(1)), held).manifest;
  assert.equal(fresh.notices[0], held.notices[0]);
  const changed = judged(manifest({ notices: [entry({ html: { zh: "<p>改</p>" } })] }, later(2)), fresh).manifest;
  assert.notEqual(changed.notices[0], held.notices[0]);
});

/* ── parts, from a real server ── */

const picture = Buffer.from("a picture");
const path = `kiosk/files/${sha256(picture)}.png`;
const pictured = manifest({ notices: [entry({ assets: [{ path, sha256: sha256(picture) }] })] });

async function serving(answer, use) {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    return await use(new URL(`http://127.0.0.1:${server.address().port}/board/`));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
function shelf() {
  const kept = new Map();
  return { kept, has: async (url) => kept.has(url), put: async (url, answer) => void kept.set(url, await answer.text()) };
}

test("a part that is what its digest says is kept, and not fetched again", async () => {
  const files = shelf();
  let asked = 0;
  await serving((_, answer) => { asked++; answer.end(picture); }, async (root) => {
    await fetchParts(pictured, root, files, 5000);
    await fetchParts(pictured, root, files, 5000);
    assert.deepEqual([...files.kept], [[new URL(path, root).href, "a picture"]]);
  });
  assert.equal(asked, 1);
});

for (const [name, answering] of Object.entries({
  "is something else": (_, answer) => answer.end("a pictura"),
  "is missing": (_, answer) => { answer.statusCode = 404; answer.end(picture); },
  "is cut off": (_, answer) => { answer.setHeader("Content-Length", 99); answer.write(picture); setTimeout(() => answer.destroy(), 50); },
  "leads elsewhere": (asked, answer) => {
    if (asked.url !== "/elsewhere") { answer.statusCode = 302; answer.setHeader("Location", "/elsewhere"); }
    answer.end(picture);
  },
})) {
  test(`a part that ${name} is an error, and is not kept`, async () => {
    const files = shelf();
    await serving(answering, (root) => assert.rejects(fetchParts(pictured, root, files, 5000)));
    assert.equal(files.kept.size, 0);
  });
}

test("an answer without an end is not read to its end", async () => {
  const endless = (_, answer) => { const more = () => answer.write("x".repeat(65536), more); more(); };
  await serving(endless, (root) => assert.rejects(load(root, LARGEST, 5000), RangeError));
});

test("an answer that drips is given up, so that the next question is asked", { timeout: 15_000 }, async () => {
  const drips = (_, answer) => {
    const every = setInterval(() => answer.write("x"), 20);
    answer.on("close", () => clearInterval(every));
  };
  await serving(drips, (root) => assert.rejects(load(root, LARGEST, 300), { name: "AbortError" }));
});

/* ── slow lines ── */

const STANDSTILL = 400;   // ms
const slowly = (data, pieces, every) => (_, answer) => {
  const size = Math.ceil(data.length / pieces);
  let sent = 0;
  const next = () => {
    if (sent >= data.length) return answer.end();
    answer.write(data.subarray(sent, sent += size));
    setTimeout(next, every);
  };
  next();
};
const getting = {
  "a part": [picture, async (root) => {
    const files = shelf();
    await fetchParts(pictured, root, files, STANDSTILL);
    return files.kept.get(new URL(path, root).href);
  }],
  "news": [Buffer.from("some news"), async (root) => (await askServer(root, STANDSTILL)).text],
};
for (const [name, [data, get]] of Object.entries(getting)) {
  test(`${name}: what comes slowly, but comes, takes its time`, async () => {
    await serving(slowly(data, 9, 100), async (root) => assert.equal(await get(root), String(data)));
  });

  test(`${name}: what stands still is given up`, async () => {
    const begun = Date.now();
    await serving((_, answer) => answer.write(data.subarray(0, 3)), (root) => assert.rejects(get(root)));
    assert.ok(Date.now() - begun < 10 * STANDSTILL);
  });
}

test("what a cache on the way gave is asked for its time without a body", async () => {
  const date = "Tue, 24 Nov 2026 02:00:00 GMT";
  const cached = (asked, answer) => {
    if (asked.method === "GET") answer.setHeader("Age", "3600");
    answer.setHeader("Date", date);
    answer.end(asked.method === "GET" ? "news" : undefined);
  };
  await serving(cached, async (root) => assert.equal((await askServer(root, 5000)).time.said, Date.parse(date)));
});
