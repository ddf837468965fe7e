// Nothing typed is lost: forms with data-autosave are kept in the browser, and on the server where they name an address.
import { now, timeOfDay } from "./clock.js";
import { forget, keep, kept, keysWith } from "./store.js";
import * as windows from "./windows.js";
import { word } from "./words.js";

const PREFIX = "mim.draft.";
const SENT = "mim.sent";
const WEEK = 7 * 24 * 3600 * 1000;
const PAUSE = 800;
const timers = new WeakMap();
const running = new WeakMap(); // the save that is on its way, one at a time for each form
const again = new WeakSet();
const waiting = new WeakSet(); // forms to be sent after the save that is on its way
let filling = false;

function key(form) {
  return `${PREFIX}${document.body.dataset.person ?? "nobody"}.${form.dataset.autosave}`;
}

function values(form) {
  const skipped = new Set(["hidden", "password", "file", "submit", "button"]);
  const kept = (field) => (!skipped.has(field.type) || "autosaveKeep" in field.dataset) // what the typing rests on
    && !("autosaveSkip" in field.dataset); // what only this answer asks
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
  const line = windows.line(form, word("restored", { time: timeOfDay(at) }), word("discard"), () => {
    forget(key(form));
    form.reset();
    line.remove();
  });
}

// Which of the person's unfinished forms this is, where there can be several.
function draftOf(form) {
  return form.elements.draft?.value ?? "";
}

function saved(form) {
  const { seen } = form.elements;
  return seen?.value ? Date.parse(seen.value) : 0;
}

// What was kept belongs to this form and is newer than what the server shows; else it is only offered.
function restore(form) {
  const draft = windows.read(key(form));
  if (!draft) return;
  if (draft.at < now() - WEEK) {
    forget(key(form));
    return;
  }
  windows.adopt(form, draft);
  if (sameWords(form, draft.values)) return;
  if ((draft.draft ?? "") !== draftOf(form) || saved(form) > draft.at) {
    offer(form, draft);
    return;
  }
  fill(form, draft.values);
  tellRestored(form, draft.at);
}

// Whether nothing would come back but versions and outer spaces, which a server may have changed.
function sameWords(form, kept) {
  const words = (pairs) => pairs
    .filter(([name]) => !("autosaveKeep" in (form.elements[name]?.dataset ?? {})))
    .map(([name, value]) => [name, typeof value === "string" ? value.replace(/\r\n?/g, "\n").trim() : value]);
  return windows.same(words(kept), words(values(form)));
}

function offer(form, draft) {
  windows.offer(form, draft, () => {
    const mine = windows.entry(values(form), draftOf(form));
    fill(form, draft.values);
    windows.setAside(key(form), mine);
    changed(form);
    offer(form, mine);
  });
}

// Files have a way of their own to the draft.
function withoutFiles(form) {
  const body = new FormData(form);
  [...form.elements].filter((field) => field.type === "file").forEach((field) => body.delete(field.name));
  return body;
}

function post(form) {
  if (running.has(form)) {
    again.add(form);
    return running.get(form);
  }
  const work = send(form).finally(() => {
    running.delete(form);
    if (again.delete(form)) post(form);
  });
  running.set(form, work);
  return work;
}

// Resolves when no save of the form is on its way.
export async function settled(form) {
  clearTimeout(timers.get(form));
  again.delete(form);
  await running.get(form);
}

// The address of the form's draft, which is made where there is none yet; throws without a network.
export async function draftAddress(form) {
  if (!draftOf(form)) {
    await settled(form);
    await post(form);
  }
  if (!draftOf(form)) throw new Error("no draft");
  return form.dataset.autosaveUrl;
}

async function send(form) {
  say(form, word("saving"));
  try {
    const answer = await fetch(form.dataset.autosaveUrl, {
      method: "POST", body: withoutFiles(form), credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return say(form, word("keptSignedOut"));
    if (answer.status === 403) return say(form, word("keptReload"));
    if (answer.status === 409 || answer.status === 410) return clash(form, await answer.json());
    if (!answer.ok) return say(form, word("refused"));
    take(form, answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {});
    say(form, word("saved", { time: timeOfDay(now(), true) }));
  } catch {
    say(form, word("keptHere"));
    addEventListener("online", () => post(form), { once: true });
  }
}

// Somebody else's newer text stands on the server: whoever shows forms like this one puts both side by side.
function clash(form, told) {
  say(form, word(told.url ? "keptSent" : "keptClash"));
  if (told.url) windows.link(form, told.notice, word("showSent"), told.url);
  else form.dispatchEvent(new CustomEvent("mim:conflict", { detail: told }));
}

// What the server says about the draft: its address, the hidden fields that name it, and what another window did.
function take(form, told) {
  if (told.autosave_url) form.dataset.autosaveUrl = told.autosave_url;
  Object.entries(told.fields ?? {}).forEach(([name, value]) => {
    if (form.elements[name]) form.elements[name].value = value;
  });
  if (told.draft) nameDraft(told.draft);
  if (told.fields) write(form);
  if (told.notice) windows.link(form, told.notice, told.other_label, told.other_url);
}

// An address that asked for an empty form names what it became: a reload shows it again.
function nameDraft(draft) {
  const here = new URL(location.href);
  if (here.searchParams.get("draft") !== "new") return;
  here.searchParams.set("draft", draft);
  history.replaceState(history.state, "", here);
}

function write(form) {
  return keep(key(form), JSON.stringify(windows.entry(values(form), draftOf(form))));
}

function changed(form) {
  const theirs = windows.foreign(form, key(form));
  if (theirs && !windows.same(theirs.values, values(form))) {
    windows.setAside(key(form), theirs);
    offer(form, theirs);
  }
  windows.adopt(form);
  if (write(form) && !form.dataset.autosaveUrl) say(form, word("saved", { time: timeOfDay(now(), true) }));
  if (!form.dataset.autosaveUrl) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => post(form), Number(form.dataset.autosavePause ?? PAUSE)));
}

// A sent form's draft is forgotten on the page that the server redirects to: then it was taken. An error page, the
// form with its errors, a page of the browser's own or the sign-in keep it. What another window keeps stays.
function settle() {
  const sent = JSON.parse(kept(SENT) ?? "[]");
  if (!sent.length) return;
  const [visit] = performance.getEntriesByType("navigation");
  const taken = visit?.type === "navigate" && visit.redirectCount > 0 && !("keepDrafts" in document.body.dataset);
  if (taken) sent.forEach(([name, tab]) => windows.forgetOf(name, tab));
  forget(SENT);
}

function markSent(form) {
  clearTimeout(timers.get(form));
  write(form);
  keep(SENT, JSON.stringify([...JSON.parse(kept(SENT) ?? "[]"), [key(form), windows.TAB]]));
}

// A page that finishes what another form began: its draft is done when this one is taken.
function markOther(form) {
  const name = `${PREFIX}${document.body.dataset.person ?? "nobody"}.${form.dataset.autosaveSent}`;
  keep(SENT, JSON.stringify([...JSON.parse(kept(SENT) ?? "[]"), [name, windows.read(name)?.tab ?? windows.TAB]]));
}

function autosaved(event) {
  return event.target.closest?.("form[data-autosave]");
}

// A form is sent after the save that is on its way: its answer names the version that the form rests on, and without
// it the server would take the person's own words for somebody else's. Forms with data-hold wait by themselves.
async function sendAfterSaving(event) {
  const { target: form, submitter } = event;
  if (!form.matches("form[data-autosave]:not([data-hold], [hx-post], [hx-put], [hx-patch])") || !running.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (waiting.has(form)) return;
  waiting.add(form);
  await settled(form);
  waiting.delete(form);
  form.requestSubmit(submitter?.form === form ? submitter : undefined);
}

export function start() {
  settle();
  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    if (form.elements.window) form.elements.window.value = windows.TAB;
    restore(form);
  });
  document.addEventListener("mim:panel", (event) => event.target.querySelectorAll("form[data-autosave]").forEach(restore));
  document.addEventListener("input", (event) => {
    const form = !filling && autosaved(event);
    if (form) changed(form);
  });
  document.addEventListener("mim:forget", (event) => {
    clearTimeout(timers.get(event.target));
    forget(key(event.target));
  });
  addEventListener("submit", sendAfterSaving, { capture: true });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget-drafts]")) keysWith(PREFIX).forEach(forget);
    if (event.target.dataset?.autosaveSent) markOther(event.target);
    const form = autosaved(event);
    if (form && !event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch]")) markSent(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, requestConfig } = event.detail; // a field that asks for advice sends nothing away
    const sent = elt.matches("form, [type=submit], button:not([type])");
    const form = successful && sent && requestConfig.verb !== "get" && elt.closest("form[data-autosave]");
    if (form) windows.forgetOf(key(form), windows.TAB);
  });
}
