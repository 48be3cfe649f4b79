// The screen decides as the generator does: every case of tests/cases/screens.json, of which both are held.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { packed, seconds, sentences } from "./modules/reading.js";
import { round } from "./modules/round.js";
import { visible } from "./modules/show.js";

const cases = JSON.parse(readFileSync(process.env.SCREEN_CASES, "utf-8"));
const { standard } = cases;
const decisions = {
  visible: (each) => visible(each.notices, each.screen, Date.parse(each.now), each.verified, each.silence, standard),
  round: (each) => round(each.items, each.most),
  seconds: (each) => Math.round(1e6 * seconds(each.text, standard)) / 1e6,
  sentences: (each) => sentences(each.text),
  packed: (each) => packed(each.sentences, standard),
};

for (const [name, decide] of Object.entries(decisions)) {
  for (const each of cases[name]) test(`${name}: ${each.says}`, () => assert.deepEqual(decide(each), each.expect));
}
test("no table of cases is left out", () => {
  const tables = Object.keys(cases).filter((name) => Array.isArray(cases[name]));
  assert.deepEqual(tables.toSorted(), Object.keys(decisions).toSorted());
});
