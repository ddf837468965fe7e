// "12 min ago" stays true while the page is open.
import { duration, now } from "./clock.js";
import { word } from "./words.js";

function all() {
  document.querySelectorAll("time[data-relative]").forEach((time) => {
    const at = Date.parse(time.getAttribute("datetime"));
    if (!Number.isNaN(at)) time.textContent = word("ago", { length: duration(now() - at) });
  });
}

export function start() {
  setInterval(all, 20_000);
  document.addEventListener("visibilitychange", all);
}
