// Clocks of promises count down each second, then state how late they are. They never blink.
import { duration, now, remaining } from "./clock.js";
import { announce, word } from "./words.js";

const TEN_MINUTES = 600_000;

function nearFrom(clock, due) {
  return clock.dataset.warned ? Date.parse(clock.dataset.warned) : due - TEN_MINUTES;
}

function write(clock, text) {
  if (clock.textContent !== text) clock.textContent = text;
}

function tick(clock, at) {
  const due = Date.parse(clock.dataset.due);
  if (Number.isNaN(due)) return;
  const box = clock.closest("[data-clock]");
  const state = at > due ? "late" : at >= nearFrom(clock, due) ? "soon" : "ok";
  write(clock, state === "late" ? `${word("late")} ${duration(at - due)}` : remaining(due - at));
  if (!box || box.dataset.clock === state) return;
  box.dataset.clock = state;
  clock.closest(".next")?.toggleAttribute("data-late", state === "late");
  if (state === "late" && clock.dataset.label) announce(`${word("passed")} ${clock.dataset.label}`);
}

function all() {
  const at = now();
  document.querySelectorAll("time[data-due]").forEach((clock) => tick(clock, at));
  document.querySelectorAll("time[data-since]").forEach((clock) => {
    const since = Date.parse(clock.dataset.since);
    if (!Number.isNaN(since)) write(clock, duration(at - since));
  });
}

export function start() {
  all();
  setInterval(all, 1000);
  document.addEventListener("visibilitychange", all);
}
