// Nothing typed is lost: forms with data-autosave are kept in the browser, and on the server where they name an address.
import { now, timeOfDay } from "./clock.js";
import { forget, keep, kept, keysWith } from "./store.js";
import { word } from "./words.js";

const PREFIX = "mim.draft.";
const SENT = "mim.sent";
const WEEK = 7 * 24 * 3600 * 1000;
const PAUSE = 800;
const timers = new WeakMap();
let filling = false;

function key(form) {
  return `${PREFIX}${document.body.dataset.person ?? "nobody"}.${form.dataset.autosave}`;
}

function values(form) {
  const skipped = new Set(["hidden", "password", "file", "submit", "button"]);
  const kept = (field) => !skipped.has(field.type) || "autosaveKeep" in field.dataset; // what the typing rests on
  return [...form.elements]
    .filter((field) => field.name && kept(field))
    .filter((field) => (field.type !== "checkbox" && field.type !== "radio") || field.checked)
    .map((field) => [field.name, field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value]);
}

function say(form, text) {
  const place = form.querySelector("[data-autosave-state]");
  if (place) place.textContent = text;
}

function fill(form, pairs) {
  [...form.elements].forEach((field) => {
    const mine = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
    else if (field.multiple && mine[0]) [...field.options].forEach((option) => (option.selected = mine[0].includes(option.value)));
    else if (mine.length && (field.type !== "hidden" || "autosaveKeep" in field.dataset)) [field.value] = mine;
  });
  filling = true; // others on the page may react, but a draft that comes back is not a new one
  form.dispatchEvent(new Event("input", { bubbles: true }));
  filling = false;
}

function tellRestored(form, at) {
  const line = document.createElement("p");
  line.className = "autosave-restored";
  line.setAttribute("role", "status");
  line.textContent = `${word("restored", { time: timeOfDay(at) })} `;
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "btn btn-quiet";
  discard.textContent = word("discard");
  discard.addEventListener("click", () => {
    forget(key(form));
    form.reset();
    line.remove();
  });
  line.append(discard);
  form.prepend(line);
}

function restore(form) {
  const draft = JSON.parse(kept(key(form)) ?? "null");
  if (!draft || JSON.stringify(draft.values) === JSON.stringify(values(form))) return;
  if (draft.at < Date.now() - WEEK) return forget(key(form));
  fill(form, draft.values);
  tellRestored(form, draft.at);
}

async function post(form) {
  say(form, word("saving"));
  try {
    const answer = await fetch(form.dataset.autosaveUrl, {
      method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
    });
    if (!answer.ok) return say(form, word("refused"));
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (told.autosave_url) form.dataset.autosaveUrl = told.autosave_url;
    say(form, word("saved", { time: timeOfDay(now(), true) }));
  } catch {
    say(form, word("keptHere"));
    addEventListener("online", () => post(form), { once: true });
  }
}

function changed(form) {
  if (keep(key(form), JSON.stringify({ at: Date.now(), values: values(form) })) && !form.dataset.autosaveUrl) {
    say(form, word("saved", { time: timeOfDay(now(), true) }));
  }
  if (!form.dataset.autosaveUrl) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => post(form), PAUSE));
}

// A sent form's draft is forgotten on the page that the server redirects to: then it was taken. An error page, the
// form with its errors, a page of the browser's own or the sign-in keep it.
function settle() {
  const sent = JSON.parse(kept(SENT) ?? "[]");
  if (!sent.length) return;
  const [visit] = performance.getEntriesByType("navigation");
  const taken = visit?.type === "navigate" && visit.redirectCount > 0 && !("keepDrafts" in document.body.dataset);
  if (taken) sent.forEach(forget);
  forget(SENT);
}

function markSent(form) {
  clearTimeout(timers.get(form));
  keep(SENT, JSON.stringify([...JSON.parse(kept(SENT) ?? "[]"), key(form)]));
}

// A page that finishes what another form began: its draft is done when this one is taken.
function markOther(form) {
  const name = `${PREFIX}${document.body.dataset.person ?? "nobody"}.${form.dataset.autosaveSent}`;
  keep(SENT, JSON.stringify([...JSON.parse(kept(SENT) ?? "[]"), name]));
}

function autosaved(event) {
  return event.target.closest?.("form[data-autosave]");
}

export function start() {
  settle();
  document.querySelectorAll("form[data-autosave]").forEach(restore);
  document.addEventListener("mim:panel", (event) => event.target.querySelectorAll("form[data-autosave]").forEach(restore));
  document.addEventListener("input", (event) => {
    const form = !filling && autosaved(event);
    if (form) changed(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget-drafts]")) keysWith(PREFIX).forEach(forget);
    if (event.target.dataset?.autosaveSent) markOther(event.target);
    const form = autosaved(event);
    if (form && !form.matches("[hx-post], [hx-put], [hx-patch]")) markSent(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, requestConfig } = event.detail; // a field that asks for advice sends nothing away
    const sent = elt.matches("form, [type=submit], button:not([type])");
    const form = successful && sent && requestConfig.verb !== "get" && elt.closest("form[data-autosave]");
    if (form) forget(key(form));
  });
}
