/* Large type and night: switched by hand, remembered on this device; night follows the system until then. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  const gaoshi = window.gaoshi;
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const modes = {
    large: {
      on: () => "large" in root.dataset,
      set(on) {
        root.toggleAttribute("data-large", on);
        gaoshi.store("kept", "large", on ? "1" : "");
      },
    },
    dark: {
      on: () => root.dataset.theme === "dark",
      set(on) {
        root.dataset.theme = on ? "dark" : "light";
        gaoshi.store("kept", "theme", on === system.matches ? "" : root.dataset.theme);
      },
    },
  };
  const buttons = [...document.querySelectorAll("[data-mode]")];

  function show() {
    for (const button of buttons) button.setAttribute("aria-pressed", String(modes[button.dataset.mode].on()));
    const masthead = getComputedStyle(root).getPropertyValue("--surface").trim();
    document.querySelector("meta[name=theme-color]").content = masthead;
  }

  for (const button of buttons) {
    const mode = modes[button.dataset.mode];
    button.addEventListener("click", () => { mode.set(!mode.on()); show(); });
  }
  system.addEventListener("change", () => {
    if (!gaoshi.recall("kept", "theme")) root.dataset.theme = system.matches ? "dark" : "light";
    show();
  });
  show();
});
