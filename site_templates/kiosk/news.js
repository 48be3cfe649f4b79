/* What the server says is news only if it is whole, of this board, not older than what is held, and each of its parts
   is what it should be. Anything else (a sign-in page, half a file, a stored copy) changes nothing. */

export const LARGEST = 16 * 1024 * 1024;   // characters
const LONGEST = 15;   // times the patience, in all
const LARGEST_PART = 32 * 1024 * 1024;

/**
 * @param {string} text          an answer
 * @param {object|null} held     the manifest that is held
 * @param {number|null} trusted  the time where it is known, in ms
 * @returns {{manifest: object}|{refused: string}}  the held manifest itself where nothing is new; without notices that
 *   cannot be told
 */
export function accept(text, held, trusted, settings) {
  if (text.length > LARGEST) return { refused: "huge" };
  let manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    return { refused: "torn" };
  }
  if (!isManifest(manifest)) return { refused: "not a manifest" };
  if (manifest.board !== settings.board) return { refused: "another board" };
  if (held && manifest.sequence < held.sequence) return { refused: "older" };
  if (trusted !== null && Date.parse(manifest.at) > trusted + 1000 * settings.standard.ahead) return { refused: "ahead" };
  return { manifest: held && manifest.sequence === held.sequence ? held : keepingSame(manifest, held) };
}

/** Entries that say the same stay the same objects, so that nothing has to be made again for them. */
function keepingSame(manifest, held) {
  const before = new Map((held?.notices ?? []).map((entry) => [entry.id, entry]));
  const notices = manifest.notices.filter(isTold).map((entry) => {
    const old = before.get(entry.id);
    return old && JSON.stringify(old) === JSON.stringify(entry) ? old : entry;
  });
  return { ...manifest, notices };
}

/* ── whole ── */

const PART = /^kiosk\/files\/([0-9a-f]{64})\.[a-z0-9]{1,8}$/;
const TONES = ["urgent", "major", "important", "general"];

const isText = (value) => typeof value === "string";
const isFlag = (value) => typeof value === "boolean";
const isInstant = (value) => isText(value) && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const orNull = (is) => (value) => value === null || is(value);
const orNothing = (is) => (value) => orNull(is)(value ?? null);
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);
const mapOf = (is) => (value) => isObject(value) && Object.values(value).every(is);
const shaped = (shape) => (value) => isObject(value) && Object.entries(shape).every(([name, is]) => is(value[name]));

const isContact = shaped({ name: isText, number: isText, hours: isText });
const isPart = (value) => isObject(value) && isText(value.path) && PART.exec(value.path)?.[1] === value.sha256;

const isEntry = shaped({
  id: isText,
  valid_from: orNull(isInstant),
  leaves: orNull(isInstant),
  takes_over_until: orNull(isInstant),
  overdue_from: orNull(isInstant),
  screens: listOf(isText),
  urgent: isFlag,
  standing: isFlag,
  tone: (value) => TONES.includes(value),
  outcome: orNull(isObject),
  html: mapOf(isText),
  said: mapOf(isObject),
  qr: mapOf(orNull(isText)),
  assets: listOf(isPart),
});

const isManifest = (value) => shaped({
  format: (format) => format === 1,
  board: isText,
  at: isInstant,
  sequence: Number.isInteger,
  desk: orNothing(mapOf(isContact)),
  duty: orNothing(mapOf(isContact)),
  notices: listOf(isEntry),
})(value) && value.sequence === Math.floor(Date.parse(value.at) / 1000);

const WORDS = ["lang", "kind", "when", "where", "until", "expected", "overdue", "state", "note"];

const isSaid = shaped({
  title: (value) => isText(value) && value.trim() !== "",
  contacts: listOf(isContact),
  ...Object.fromEntries(WORDS.map((name) => [name, orNothing(isText)])),
});

/** Whether what is said beside an entry's text can be; one notice that cannot be told takes no other with it. */
const isTold = (entry) => Object.values(entry.said).every(isSaid);

/* ── its parts ── */

/** An answer, when its head had come, by performance.now(), and its bytes, at most `most`. It is asked for as nobody in
    particular, so no browser asks who that is. Fails where it is no good one, or nothing comes for `patience` ms, or
    something without end. */
export async function load(address, most, patience, how) {
  const control = new AbortController();
  const chunks = [];
  const latest = performance.now() + LONGEST * patience;
  let timer, size = 0, read;
  const within = (step) => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(), Math.min(patience, latest - performance.now()));
    return step;
  };
  try {
    const answer = await within(fetch(address, { cache: "no-cache", ...how, credentials: "omit", signal: control.signal }));
    const after = performance.now();
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    const reader = answer.body?.getReader();
    while (reader && !(read = await within(reader.read())).done) {
      size += read.value.length;
      if (size > most) throw new RangeError("too large");
      chunks.push(read.value);
    }
    return { answer, after, blob: new Blob(chunks) };
  } catch (error) {
    control.abort();   // what is not wanted
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function digest(blob) {
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Gets what a manifest's notices show, below the site's `root`, into the store's `files`. Fails unless every part is
    there and is what its digest says; parts that are kept already were looked at when they came. */
export async function fetchParts(manifest, root, files, patience) {
  const wanted = new Map(manifest.notices.flatMap((entry) => entry.assets).map((part) => [part.path, part.sha256]));
  for (const [path, sha256] of wanted) {
    const url = new URL(path, root).href;
    if (await files.has(url)) continue;
    const { answer, blob } = await load(url, LARGEST_PART, patience);
    if (await digest(blob) !== sha256) throw new Error(`${path}: not what its digest says`);
    await files.put(url, new Response(blob, { headers: { "Content-Type": answer.headers.get("Content-Type") ?? "" } }));
  }
}
