// The clock of a page under test. It stands until the test lets time pass, as fast as the page can take it, every timer
// in its turn; before the next one all that is under way (answers, digests, what is kept) arrives. So no test sleeps,
// and none depends on how fast the machine is. A restart of the page goes on where time was.
(({ began, wrong }) => {
  if (location.protocol === "about:") return;
  const OFTEN = 400;   // timers, after which the page gets to do what it does between them
  const time = JSON.parse(sessionStorage.getItem("clock")) ?? { now: began, wrong };   // `wrong`: how far ahead the device's date is
  const started = time.now;
  addEventListener("pagehide", () => sessionStorage.setItem("clock", JSON.stringify(time)));

  /* ── timers ── */

  const timers = new Map();
  let last = 0;
  const set = (does, wait = 0, given, every) => (timers.set(++last, { at: time.now + Math.max(0, wait), does, given, every }), last);
  const realTimeout = window.setTimeout;

  Date.now = () => Math.floor(time.now + time.wrong);
  performance.now = () => time.now - started;
  window.setTimeout = (does, wait, ...given) => set(does, wait, given);
  window.setInterval = (does, every, ...given) => set(does, every, given, every);
  window.clearTimeout = window.clearInterval = (id) => void timers.delete(id);

  function next() {
    let first = null;
    for (const [id, timer] of timers) if (!first || timer.at < first[1].at) first = [id, timer];
    return first;
  }

  function fire(id, timer) {
    if (timer.every) while (timer.at <= time.now) timer.at += timer.every;
    else timers.delete(id);
    timer.does(...timer.given);
  }

  /* ── what is under way ── */

  let under = 0, wake = null;
  const channel = new MessageChannel(), waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  const giveWay = () => new Promise((done) => {
    waiting.push(done);
    channel.port2.postMessage(null);
  });

  function watch(owner, ...names) {
    for (const name of names) {
      const real = owner[name];
      owner[name] = function (...given) {
        const promise = real.apply(this, given);
        under++;
        const over = () => giveWay().then(() => { if (--under === 0) wake?.(); });   // who waits for it goes on first
        promise.then(over, over);
        return promise;
      };
    }
  }

  async function settled() {
    await giveWay();
    while (under) await new Promise((done) => { wake = done; });
  }

  // The server knows what time it is for this page.
  const fetched = window.fetch.bind(window);
  window.fetch = (address, how = {}) => fetched(address, new URL(address, location).origin !== location.origin ? how
    : { ...how, headers: { ...how.headers, "X-Time": String(time.now / 1000) } });
  watch(window, "fetch");
  watch(Response.prototype, "text", "arrayBuffer");
  watch(Blob.prototype, "text", "arrayBuffer");
  watch(ReadableStreamDefaultReader.prototype, "read", "cancel");
  watch(SubtleCrypto.prototype, "digest");
  watch(CacheStorage.prototype, "open", "match", "keys", "delete");
  watch(Cache.prototype, "match", "put", "keys", "delete");
  watch(ServiceWorkerContainer.prototype, "register");
  watch(ServiceWorkerRegistration.prototype, "update");

  /* ── what a test does ── */

  window.testClock = {
    settled,

    timers: () => timers.size,

    /** Lets time pass until `end` (ms since 1970). */
    async pass(end) {
      await settled();
      let count = 0;
      for (let found = next(); found && found[1].at <= end; found = next()) {
        time.now = Math.max(time.now, found[1].at);
        fire(...found);
        if (under || ++count % OFTEN === 0) await settled();
      }
      time.now = Math.max(time.now, end);
      await settled();
    },

    /** It is `end` all at once: what was due is done late, and once. */
    async skip(end) {
      await settled();
      time.now = Math.max(time.now, end);
      for (const [id, timer] of [...timers]) if (timer.at <= end && timers.has(id)) fire(id, timer);
      await settled();
    },

    /** Somebody sets the device's date. */
    setDate(to) { time.wrong = to - time.now; },

    /** Whoever else waits for timers waits for real ones: those that are set from now on. */
    letRun() { window.setTimeout = realTimeout; },
  };
})
