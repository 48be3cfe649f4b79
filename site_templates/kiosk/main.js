/* A screen in a lobby: what is shown follows from the manifest that is held and from the time; the server is asked for
   later ones. Nothing that goes wrong is ever shown. */

import { createBeat } from "./beat.js";
import { keepAwake, shiftPixels, sizeType } from "./care.js";
import { createFrame } from "./frame.js";
import { createHindsight } from "./host.js";
import { accept, fetchParts } from "./news.js";
import { createPause } from "./pause.js";
import { createPoll } from "./poll.js";
import { askServer } from "./server.js";
import { readSettings } from "./settings.js";
import { nextChange } from "./show.js";
import { createStage } from "./stage.js";
import { openStore } from "./store.js";
import { createClock } from "./time.js";
import { createWorker } from "./worker.js";

const SECOND = 1000, MINUTE = 60 * SECOND;
const PATIENCE = MINUTE;
const KEPT_EVERY = 10 * MINUTE;

const at = (id) => document.getElementById(id);
const settings = readSettings(document);
const { standard } = settings;
const store = await openStore(settings.root, !settings.preview);
const kept = await store.clock();
let held = accept(await store.manifest() ?? "", null, null, settings).manifest ?? null;

const clock = createClock({
  floor: Math.max(settings.made, held ? Date.parse(held.at) : 0),
  ahead: SECOND * standard.ahead, far: SECOND * standard.standing_after, kept, wall: () => Date.now(), mono: () => performance.now(),
});
let contact = kept?.contact ?? (held ? Date.parse(held.at) : null);

const hindsight = createHindsight(SECOND * standard.ahead);
const frame = createFrame(at("frame"), settings);
const stage = createStage(at("stage"), at("measure"), settings, frame);
const beat = createBeat(settings.heartbeat);
const worker = createWorker(settings);
const pause = createPause(at("controls"), settings, stage);
const poll = createPoll(ask, () => stage.urgent() || clock.doubtful());
sizeType(settings, () => { stage.fitAgain(); turn(true); });
keepAwake();
shiftPixels();

/* ── the round ── */

const silence = (now) => (contact === null ? 0 : (now - contact) / SECOND);

let timer, judged = null, change = -Infinity, keptAt = performance.now();
let leap = 0;   // of the device's date, when the server was last asked because of one

/** Judges what is visible where that may have changed since. */
function judge(now, anew) {
  if (!anew && !stage.waiting() && judged !== null && now >= judged && now < change) return;
  const before = stage.takeovers();
  stage.update(held, now, clock.verified(), silence(now));
  if (stage.takeovers().some((id) => !before.includes(id))) pause.end();
  const limit = contact === null ? Infinity : contact + SECOND * standard.standing_after;
  judged = now;
  change = Math.min(nextChange(held?.notices ?? [], now), limit > now ? limit : Infinity);
}

function turn(anew = false) {
  clearTimeout(timer);
  let left = SECOND;
  try {
    const now = clock.now();
    askAboutLeap();
    judge(now, anew);
    left = Math.min(SECOND - now % SECOND, stage.turn());
    if (stage.waiting()) left = 0;
    tell(now, anew);
  } finally {
    timer = setTimeout(turn, Math.max(0, left));   // at least once a second: clocks may leap
  }
}

/** A date that leapt, or leapt again, is a reason to ask; the server being away is none to ask over and over. */
function askAboutLeap() {
  const found = clock.leap(), same = Math.abs(found - leap) <= MINUTE;
  if (found && !same) poll.soon();
  if (!found || !same) leap = found;
}

let told = "";

/** What is said beside the slides, each minute and with each slide. */
function tell(now, anew) {
  const of = `${Math.floor(now / MINUTE)} ${stage.drawn()}`;
  if (of === told && !anew) return;
  told = of;
  frame.mark(stateOf(now));
  frame.tick(now, clock.verified());
  if (settings.heartbeat) report(now);
  if ((clock.verified() || timeless) && !stage.takeovers().length) worker.turn(timeless ? null : now);
  if (performance.now() - keptAt >= KEPT_EVERY) keep();
}

function stateOf(now) {
  if (settings.preview) return "preview";
  if (!clock.verified() || hindsight.doubts()) return "unverified";
  const silent = silence(now);
  if (silent >= standard.standing_after) return "standing";
  return silent >= standard.marked_after ? "late" : "well";
}

function keep() {
  keptAt = performance.now();
  store.keepClock({ ...clock.keep(), contact });
}

function report(now) {
  const shows = stage.ids(), verified = clock.verified();
  beat({
    screen: settings.id, shows, sequence: held?.sequence ?? null, skew: Math.round((Date.now() - now) / SECOND),
    contact: contact === null ? null : new Date(contact).toISOString(), verified,
  }, JSON.stringify([shows, held?.sequence, verified]));
}

/* ── the news ── */

/** A preview shows any time, whatever the server's is. */
function timeOfPreview() {
  const now = performance.now();
  return { said: settings.made + now, before: now, after: now };
}

let stored = held;   // the manifest that is kept
let timeless = false;   // this page was made ahead of the server's time, so it will never know it

/** Asks for the manifest; whether the server gave one. */
async function ask() {
  try {
    const answer = await askServer(new URL("kiosk.json", settings.root), PATIENCE);
    const { text } = answer, time = settings.preview ? timeOfPreview() : answer.time;
    const heard = () => time !== null && clock.heard(time.said, time.before, time.after);
    let { manifest, refused } = accept(text, held, clock.trusted() ?? time?.said ?? null, settings);
    const backwards = refused === "older" && time !== null && hindsight.hears(time, Date.parse(held.at));
    if (backwards) ({ manifest, refused } = accept(text, null, time.said, settings));
    if (refused === "ahead") heard();   // perhaps it is the clock that is wrong
    if (refused) return refused === "ahead" || refused === "older";   // the server is there, and soon right again
    const fresh = manifest !== held;
    if (fresh) await fetchParts(manifest, settings.root, store.files, PATIENCE);
    if (backwards) clock.letGo();
    hindsight.forget();
    held = manifest;
    clock.atLeast(Date.parse(held.at));
    const first = contact === null;
    if (heard()) contact = clock.now();
    timeless = time !== null && !clock.verified();
    turn(true);
    worker.look();
    if (held !== stored) await keepNews(text);
    if (fresh || first || performance.now() - keptAt >= KEPT_EVERY) keep();
    return true;
  } catch {
    return false;   // away: what is held holds on
  }
}

/** Where storage is full, what is kept still needs its pictures. */
async function keepNews(text) {
  if (!await store.keepManifest(text)) return;
  stored = held;
  await store.sweep(held);
}

addEventListener("online", poll.soon);
document.addEventListener("visibilitychange", () => { turn(true); poll.soon(); });

turn(true);
poll.start();
