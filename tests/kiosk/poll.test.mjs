// When the server is asked: seldom enough, often enough, and at once when there is a reason.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createPoll, delay } from "./modules/poll.js";

test("it asks every minute, more often for urgent ones, and up to every ten minutes a server that does not answer", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 99].map((failures) => delay(failures, false, 0.5) / 1000), [60, 120, 240, 480, 600, 600]);
  assert.deepEqual([0, 1, 5, 6, 99].map((failures) => delay(failures, true, 0.5) / 1000), [15, 30, 480, 600, 600]);
  assert.deepEqual([0, 1].map((chance) => Math.round(delay(0, false, chance))), [54000, 66000]);
});

/** A poll of a server that is `away` until it is back, on a clock of its own; `asked`: the seconds in which it was asked. */
function polled({ takes = 0 } = {}) {
  mock.timers.enable({ apis: ["setTimeout"] });
  let passed = 0;
  performance.now = () => passed;
  const asked = [], server = { away: false };
  const poll = createPoll(() => {
    asked.push(passed / 1000);
    return new Promise((answer) => { setTimeout(() => answer(!server.away), 1000 * takes); });
  }, () => false);
  const pass = async (seconds) => {
    for (let i = 0; i < seconds; i++) {
      passed += 1000;
      mock.timers.tick(1000);
      for (let turns = 0; turns < 5; turns++) await null;
    }
  };
  return { poll, asked, pass, server };
}
const end = () => mock.timers.reset();

test("a reason to ask is asked about at once", async () => {
  const { poll, asked, pass } = polled();
  poll.start();
  await pass(20);
  poll.soon();
  await pass(2);
  assert.deepEqual(asked, [0, 21]);
  end();
});

test("one right after a question is asked about two seconds after that, however many there are", async () => {
  const { poll, asked, pass } = polled();
  poll.start();
  await pass(1);
  poll.soon();
  poll.soon();
  await pass(10);
  assert.deepEqual(asked, [0, 2]);
  end();
});

test("one that comes while the server has not answered yet is asked about after the answer", async () => {
  const { poll, asked, pass, server } = polled({ takes: 30 });
  server.away = true;
  poll.start();
  await pass(10);
  poll.soon();
  await pass(30);
  assert.deepEqual(asked, [0, 32]);
  end();
});

test("what came back is asked every minute again", async () => {
  const { poll, asked, pass, server } = polled();
  server.away = true;
  poll.start();
  await pass(1800);
  server.away = false;
  poll.soon();
  asked.length = 0;
  await pass(600);
  assert.ok(asked.length >= 9 && asked.length <= 12, asked.join());
  end();
});
