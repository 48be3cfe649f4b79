// A host that was ahead when it made what is held, and is right again: believed after ten minutes, by a date that runs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHindsight } from "./modules/host.js";

const SECOND = 1000, MINUTE = 60 * SECOND;
const NOW = Date.parse("2026-11-24T10:00:00+08:00");
const YEAR_AHEAD = NOW + 365 * 24 * 60 * MINUTE;

/** What the server says `passed` ms from now; its date may stand still. */
const word = (passed, still = false) => ({ said: NOW + (still ? 0 : passed), after: 7000 + passed });

test("the tenth minute decides", () => {
  const one = createHindsight(5 * MINUTE);
  assert.equal(one.doubts(), false);
  for (const passed of [0, MINUTE, 5 * MINUTE, 10 * MINUTE - SECOND]) {
    assert.equal(one.hears(word(passed), YEAR_AHEAD), false);
    assert.equal(one.doubts(), true);
  }
  assert.equal(one.hears(word(10 * MINUTE), YEAR_AHEAD), true);
});

test("a date that stands still decides nothing", () => {
  const one = createHindsight(5 * MINUTE);
  for (let passed = 0; passed < 60 * MINUTE; passed += MINUTE) assert.equal(one.hears(word(passed, true), YEAR_AHEAD), false);
});

test("an answer that counts ends the doubt", () => {
  const one = createHindsight(5 * MINUTE);
  one.hears(word(0), YEAR_AHEAD);
  one.forget();
  assert.equal(one.doubts(), false);
  assert.equal(one.hears(word(10 * MINUTE), YEAR_AHEAD), false);
});

test("an old copy from a server whose date is right, or behind by as much as is allowed, is no reason to doubt", () => {
  for (const made of [NOW - MINUTE, NOW, NOW + 5 * MINUTE]) {
    const one = createHindsight(5 * MINUTE);
    for (const passed of [0, 20 * MINUTE]) assert.equal(one.hears(word(passed), made), false);
    assert.equal(one.doubts(), false);
  }
});
