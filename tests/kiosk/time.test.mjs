// What time it is: from the server's word on by the even clock, never earlier than what was made, never by one word alone backwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "./modules/time.js";

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-24T10:00:00+08:00");
const FLOOR = NOW - HOUR;

/** A device whose date is `wrong`, and a server whose time is right (or `late`). */
function device({ wrong = 0, kept = null, floor = FLOOR, drift = 0, later = 0, far } = {}) {
  let passed = later, set = 0, slept = 0;
  const real = () => NOW + passed;
  const mono = () => 5000 + (passed - slept) * (1 + drift);
  const clock = createClock({ floor, ahead: 5 * MINUTE, far, kept, wall: () => real() + wrong + set, mono });
  return {
    clock, real, mono,
    pass(length) { passed += length; return this; },
    sleep(length) { passed += length; slept += length; return this; },
    setDate(by) { set += by; return this; },
    hear(late = 0, took = 80) {
      const before = mono();
      const said = Math.floor((real() + took / 2 - late) / SECOND) * SECOND;
      passed += took;
      return clock.heard(said, before, mono());
    },
    off: () => clock.now() - real(),
  };
}
const near = (value, most = SECOND) => assert.ok(Math.abs(value) <= most, `${value} ms off, at most ${most}`);

test("before the server is heard the time is unverified, and as early as it can be", () => {
  for (const wrong of [-30 * DAY, 0, 30 * DAY]) {
    const { clock } = device({ wrong });
    assert.equal(clock.now(), FLOOR);
    assert.equal(clock.verified(), false);
    assert.equal(clock.trusted(), null);
  }
});

test("it runs on while it is unverified", () => {
  const one = device();
  one.pass(HOUR);
  assert.equal(one.clock.now(), FLOOR + HOUR);
});

test("the server's first word counts whatever the device's date says", () => {
  for (const wrong of [-30 * DAY, -HOUR, 0, HOUR, 30 * DAY]) {
    const one = device({ wrong });
    assert.equal(one.hear(), true);
    assert.equal(one.clock.verified(), true);
    near(one.off());
    one.pass(30 * DAY);
    near(one.off());
  }
});

test("each word makes it more exact, within the second that a Date leaves open", () => {
  const one = device();
  for (let i = 0; i < 60; i++) one.pass(MINUTE + 137 * i).hear();
  near(one.off(), 100);
});

test("an even clock that runs wrong by a thousandth drifts by less than a second from word to word", () => {
  for (const drift of [-0.001, 0.001]) {
    const one = device({ drift });
    for (let i = 0; i < 30 * 24; i++) {
      one.pass(MINUTE + 137 * (i % 7)).hear();
      near(one.off(), SECOND);
    }
  }
});

test("a server whose clock is before the manifest's making is not believed", () => {
  const one = device();
  assert.equal(one.hear(2 * HOUR), false);
  assert.equal(one.clock.verified(), false);
});

test("a server that is behind the manifest's making by as much as is allowed is believed, by more it is not", () => {
  for (const [late, believed] of [[5 * MINUTE, true], [5 * MINUTE + 3 * SECOND, false]]) {
    const one = device({ floor: NOW });
    assert.equal(one.hear(late), believed);
    assert.equal(one.clock.verified(), believed);
    assert.ok(one.clock.now() >= NOW);
  }
});

test("one word backwards changes nothing, two a while apart that agree with the even clock do", () => {
  const one = device({ floor: NOW - DAY });
  one.hear(-3 * HOUR);
  near(one.off() - 3 * HOUR);
  assert.equal(one.pass(MINUTE).hear(), false);
  near(one.off() - 3 * HOUR);
  assert.equal(one.clock.doubtful(), true);
  assert.equal(one.pass(5 * SECOND).hear(), false, "too soon after the first");
  assert.equal(one.pass(6 * SECOND).hear(), true);
  near(one.off());
  assert.equal(one.clock.doubtful(), false);
});

test("a date that stands still never counts, however often it is said", () => {
  const one = device();
  one.hear();
  const still = one.real() - 10 * MINUTE;
  for (let i = 0; i < 100; i++) {
    one.pass(MINUTE);
    assert.equal(one.clock.heard(still, one.mono() - 50, one.mono()), false);
    near(one.off());
  }
});

test("a clock that the server set is not put ahead by one word either", () => {
  const one = device();
  one.hear();
  assert.equal(one.pass(MINUTE).hear(-DAY), false);
  near(one.off());
  assert.equal(one.pass(MINUTE).hear(-DAY), true);
  near(one.off() - DAY);
});

test("it is never earlier than a manifest that was accepted", () => {
  const one = device();
  one.hear();
  one.clock.atLeast(one.real() + 4 * MINUTE);
  near(one.off() - 4 * MINUTE);
  for (let i = 0; i < 5; i++) one.pass(MINUTE).hear();
  near(one.off());
});

test("a restart believes the device's date as far as the server had put it right", () => {
  for (const wrong of [-30 * DAY, 0, 30 * DAY]) {
    const before = device({ wrong });
    before.hear();
    const kept = JSON.parse(JSON.stringify(before.clock.keep()));
    const again = device({ wrong, kept, later: 2 * DAY });
    near(again.off());
    assert.equal(again.clock.verified(), true);
    assert.equal(again.clock.trusted(), null, "but nothing is refused because of it");
  }
});

test("a restart with a date from before what was already seen is unverified, and not before that", () => {
  const before = device();
  before.hear();
  before.pass(DAY);
  const kept = before.clock.keep();
  const again = device({ wrong: -30 * DAY, kept });
  assert.equal(again.clock.verified(), false);
  assert.ok(again.clock.now() >= NOW + DAY);
  assert.equal(device({ wrong: -SECOND, kept: { offset: 0, seen: NOW } }).clock.verified(), false, "the first bad second");
  assert.equal(device({ wrong: 0, kept: { offset: 0, seen: NOW } }).clock.verified(), true, "the last good one");
});

test("a restart with a date from before the manifest's making is unverified", () => {
  const kept = { offset: 0, seen: NOW - DAY };
  assert.equal(device({ kept, floor: NOW + SECOND }).clock.verified(), false);
  assert.equal(device({ kept, floor: NOW }).clock.verified(), true);
});

test("a date that stood still while the power was away is put ahead by the server's first word", () => {
  const one = device({ wrong: -DAY, floor: NOW - 3 * DAY, kept: { offset: 0, seen: NOW - 2 * DAY } });
  assert.equal(one.clock.verified(), true, "nobody can know");
  assert.equal(one.hear(), true);
  near(one.off());
});

test("what a restart kept stays where the time is unverified again", () => {
  const kept = { offset: 7 * DAY, seen: NOW + 30 * DAY };
  const again = device({ kept });
  assert.equal(again.clock.verified(), false);
  assert.deepEqual(again.clock.keep(), kept);
});

test("after sleep, in which the even clock stood still, the later of the two counts until the server is heard", () => {
  const one = device({ wrong: 5 * HOUR });
  one.hear();
  one.sleep(8 * HOUR);
  assert.equal(one.clock.leap(), 8 * HOUR);
  near(one.off());
  assert.equal(one.clock.trusted(), null);
  assert.equal(one.hear(), true);
  assert.equal(one.clock.leap(), 0);
  near(one.off());
});

test("a date that somebody sets back takes nothing back", () => {
  const one = device();
  one.hear();
  one.setDate(-30 * DAY);
  assert.equal(one.clock.leap(), -30 * DAY);
  near(one.off());
});

test("a date that somebody sets ahead counts until two words of the server agree", () => {
  const one = device();
  one.hear();
  one.setDate(30 * DAY);
  near(one.off() - 30 * DAY);
  assert.equal(one.pass(SECOND).hear(), false);
  assert.equal(one.pass(15 * SECOND).hear(), true);
  near(one.off());
  assert.equal(one.clock.leap(), 0);
});

test("a date that leapt ahead by a month counts only after the server was asked for a minute", () => {
  const one = device({ far: 30 * DAY });
  one.hear();
  one.setDate(30 * DAY);
  near(one.off());
  one.pass(MINUTE - SECOND);
  near(one.off());
  one.pass(SECOND);
  near(one.off() - 30 * DAY);
});

test("a date that leapt ahead by a month is put right by one word that comes in time", () => {
  const one = device({ far: 30 * DAY });
  one.hear();
  one.setDate(31 * DAY);
  near(one.off());
  assert.equal(one.pass(SECOND).hear(), true);
  near(one.off());
  assert.equal(one.clock.leap(), 0);
  one.setDate(-DAY);
  one.pass(2 * MINUTE);
  near(one.off());
  one.setDate(31 * DAY);
  near(one.off());
});

test("a date that leapt ahead by less than a month counts at once", () => {
  const one = device({ far: 30 * DAY });
  one.hear();
  one.setDate(30 * DAY - HOUR);
  near(one.off() - 30 * DAY + HOUR);
});

test("a server whose words never agree is asked sooner only a few times", () => {
  const one = device();
  one.hear();
  const still = one.real() - 10 * MINUTE;
  let sooner = 0;
  for (let i = 0; i < 20; i++) {
    one.pass(15 * SECOND);
    one.clock.heard(still, one.mono() - 50, one.mono());
    sooner += one.clock.doubtful();
  }
  assert.equal(sooner, 4);
  one.hear();
  one.pass(MINUTE);
  one.clock.heard(still, one.mono() - 50, one.mono());
  assert.equal(one.clock.doubtful(), true, "a good word makes it worth while again");
});

test("a clock that was let go takes the server's next word, however much earlier it is", () => {
  const one = device({ floor: NOW + 365 * DAY });
  assert.equal(one.hear(), false);
  one.clock.letGo();
  assert.equal(one.clock.verified(), false);
  assert.equal(one.hear(), true);
  near(one.off());
  assert.ok(one.clock.keep().seen <= one.real() + SECOND);
});

test("what a set date claims is not kept as seen", () => {
  const one = device();
  one.hear();
  one.setDate(30 * DAY);
  assert.ok(one.clock.keep().seen <= one.real() + SECOND);
});

test("a clock that leaps by a minute is nothing, by more it is asked about", () => {
  for (const [by, leap] of [[MINUTE, 0], [61 * SECOND, 61 * SECOND], [-MINUTE, 0], [-61 * SECOND, -61 * SECOND]]) {
    const one = device();
    one.hear();
    one.setDate(by);
    assert.equal(one.clock.leap(), leap);
  }
});
