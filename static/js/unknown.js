// “Unknown, asked at 10:05” as an answer: one press fills it in, a time adds when the answer is expected. The words
// are those of incidents/rules/not_known.py; the text of the field is the only place where they are kept.
import { now, timeOfDay } from "./clock.js";
import { word } from "./words.js";

const EXPECTED = /, answer expected (\d\d:\d\d)$/;
const ASKED = /^unknown, asked at /i;

function put(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function asked() {
  return word("unknownAsked", { time: timeOfDay(now()) });
}

// The button stands beside an empty field, the time beside one that says so.
function show(place) {
  const field = document.getElementById(place.dataset.unknownFor);
  if (!field) return;
  const is = ASKED.test(field.value);
  const box = place.querySelector("[data-expected]");
  place.querySelector("[data-unknown]").hidden = field.value.trim() !== "";
  box.hidden = !is;
  if (is) box.querySelector("input").value = EXPECTED.exec(field.value)?.[1] ?? "";
}

function showAll() {
  document.querySelectorAll("[data-unknown-for]").forEach(show);
}

function fieldOf(node) {
  return document.getElementById(node.closest("[data-unknown-for]").dataset.unknownFor);
}

export function start() {
  if (!document.querySelector("[data-unknown-for]")) return;
  showAll();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-unknown]");
    if (!button) return;
    put(fieldOf(button), asked());
    button.closest("[data-unknown-for]").querySelector("[data-expected] input").focus();
  });
  document.addEventListener("input", (event) => {
    const time = event.target.closest("[data-expected]");
    if (time) {
      const field = fieldOf(time);
      const base = field.value.replace(EXPECTED, "");
      put(field, event.target.value ? `${base}, answer expected ${event.target.value}` : base);
      return;
    }
    const place = event.target.id && document.querySelector(`[data-unknown-for="${event.target.id}"]`);
    if (place && event.target.value === "?") put(event.target, asked());
    else showAll();
  });
}
