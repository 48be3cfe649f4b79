// A clock for tests that runs as fast as the page can: `advance(ms)` lets time pass, every timer in its turn, and gives
// way now and then so that answers arrive. Playwright's own gives way after each timer: a month would take an hour.
(() => {
  const START = Date.parse("2026-11-24T10:00:00+08:00");
  const OFTEN = 400;
  const timers = new Map();
  const channel = new MessageChannel();
  let passed = 0, last = 0;

  Date.now = () => Math.floor(START + passed);
  performance.now = () => passed;
  window.setTimeout = (does, wait = 0, ...given) => (timers.set(++last, { at: passed + Math.max(0, wait), does, given }), last);
  window.setInterval = (does, every, ...given) => (timers.set(++last, { at: passed + every, does, given, every }), last);
  window.clearTimeout = window.clearInterval = (id) => void timers.delete(id);

  const giveWay = () => new Promise((done) => {
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  });

  function next() {
    let first = null;
    for (const [id, timer] of timers) if (!first || timer.at < first[1].at) first = [id, timer];
    return first;
  }

  window.advance = async (length) => {
    const end = passed + length;
    let count = 0;
    for (let found = next(); found && found[1].at <= end; found = next()) {
      const [id, timer] = found;
      passed = Math.max(passed, timer.at);
      if (timer.every) timer.at += timer.every;
      else timers.delete(id);
      timer.does(...timer.given);
      if (++count % OFTEN === 0) await giveWay();
    }
    passed = end;
    await giveWay();
    return timers.size;
  };
})();
