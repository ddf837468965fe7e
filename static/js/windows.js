// Two windows on one form: neither overwrites the other in silence, and both texts can be reached.
import { now, timeOfDay } from "./clock.js";
import { forget, keep, kept } from "./store.js";
import { word } from "./words.js";

const NAME = "mim.window";
export const TAB = named();
const ASIDE = ".other";
const known = new WeakMap(); // by form: the window whose words it continues

// A window keeps its name over a reload: a save that was still on its way then is its own, and nobody else's. A window
// that was opened as a copy of another one gets a name of its own.
function named() {
  const [visit] = performance.getEntriesByType("navigation");
  const fresh = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const name = (visit?.type === "reload" && sessionStorage.getItem(NAME)) || fresh;
    sessionStorage.setItem(NAME, name);
    return name;
  } catch {
    return fresh; // a browser that keeps nothing
  }
}

export function entry(values, draft) {
  return { at: now(), values, draft, tab: TAB };
}

export function read(key) {
  return JSON.parse(kept(key) ?? "null");
}

export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// From here on the form continues what this entry says, or its own words.
export function adopt(form, draft) {
  known.set(form, draft?.tab ?? TAB);
}

// What another window has kept since this one read or wrote last.
export function foreign(form, key) {
  const draft = read(key);
  return draft && draft.tab !== TAB && draft.tab !== known.get(form) ? draft : null;
}

export function setAside(key, draft) {
  keep(key + ASIDE, JSON.stringify(draft));
}

export function forgetOf(key, tab) {
  [key, key + ASIDE].forEach((name) => {
    const draft = read(name);
    if (draft && (draft.tab ?? tab) === tab) forget(name);
  });
}

// One sentence above the form with the one thing that can be done about it.
export function line(form, text, label, act) {
  const place = document.createElement("p");
  place.className = "autosave-restored";
  place.setAttribute("role", "status");
  place.textContent = `${text} `;
  const button = document.createElement(typeof act === "string" ? "a" : "button");
  button.className = "btn btn-quiet";
  button.textContent = label;
  if (typeof act === "string") {
    button.href = act;
    button.target = "_blank"; // this window keeps its own words
  } else {
    button.type = "button";
    button.addEventListener("click", act);
  }
  place.append(button);
  (form.querySelector("[data-form-says]") ?? form).prepend(place);
  return place;
}

function only(form, place) {
  form.querySelectorAll("[data-other-window]").forEach((old) => old !== place && old.remove());
  place.dataset.otherWindow = "";
}

export function offer(form, draft, show) {
  if (form.querySelector("[data-other-window='server']")) return; // the server has both and has said so
  only(form, line(form, word("otherWindow", { time: timeOfDay(draft.at) }), word("showOther"), show));
}

export function link(form, text, label, href) {
  const place = line(form, text, label, href);
  only(form, place);
  place.dataset.otherWindow = "server";
}
