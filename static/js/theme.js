// The switch between light and dark colours; without a saved choice the device's own is followed.
import { keep, kept } from "./store.js";

const device = matchMedia("(prefers-color-scheme: dark)");

function show(theme) {
  document.documentElement.dataset.bsTheme = theme;
}

export function start() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    keep("mim.theme", theme);
    show(theme);
  });
  device.addEventListener("change", () => {
    if (!kept("mim.theme")) show(device.matches ? "dark" : "light");
  });
}
