// A panel with data-poll (seconds) on a page without a stream is fetched again by itself, and says when that fails.
import { now, timeOfDay } from "./clock.js";
import { refresh } from "./panels.js";
import { word } from "./words.js";

let contact = now();

async function again(panel) {
  if (document.hidden) return;
  const place = document.querySelector("[data-poll-state]");
  try {
    await refresh(panel);
    contact = now();
    if (place) place.textContent = word("asOf", { time: timeOfDay(contact) });
  } catch (error) {
    if (place) place.textContent = word(error.message === "signedOut" ? "signedOut" : "stale", { time: timeOfDay(contact) });
  }
}

export function start() {
  document.querySelectorAll("[data-panel-url][data-poll]").forEach((panel) => {
    setInterval(() => again(panel), Number(panel.dataset.poll) * 1000);
    document.addEventListener("visibilitychange", () => again(panel));
  });
}
