/* Only in a preview: asks the preview's server whether there is a newer build, and shows it. */
(async function () {
  "use strict";
  let seen = 0;
  for (;;) {
    try {
      const { build } = await (await fetch("/_preview/wait?seen=" + seen)).json();
      if (seen && build !== seen) return location.reload();
      seen = build;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2000));   // the server is being restarted
    }
  }
})();
