// Notes in place: Enter sends, "@" offers people and teams, and what was sent comes back as an entry.
import Combobox from "@github/combobox-nav";
import { refresh } from "./panels.js";
import { announce, word } from "./words.js";

const HANDLE = /(^|[^\w@.])@([\w.-]*)$/;
const PAUSE = 150;
let combobox; // of the note that is being written, while its list is open
let asked = 0;

function list(field) {
  return document.getElementById(field.dataset.mentionList);
}

function typedHandle(field) {
  return field.value.slice(0, field.selectionStart).match(HANDLE)?.[2];
}

function close(field) {
  asked += 1; // an answer that is still on its way comes too late
  combobox?.destroy();
  combobox = undefined;
  list(field)?.setAttribute("hidden", "");
}

function take(field, handle) {
  const before = field.value.slice(0, field.selectionStart).replace(HANDLE, `$1@${handle} `);
  const after = field.value.slice(field.selectionStart);
  close(field);
  field.value = before + after;
  field.setSelectionRange(before.length, before.length);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function open(field, html) {
  const place = list(field);
  place.innerHTML = html;
  if (!place.children.length) return close(field);
  place.removeAttribute("hidden");
  combobox?.destroy();
  combobox = new Combobox(field, place, { firstOptionSelectionMode: "selected" });
  combobox.start();
  announce(word("offered", { count: place.children.length }));
}

async function offer(field) {
  const handle = typedHandle(field);
  if (handle === undefined) return combobox && close(field);
  const number = ++asked;
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (number !== asked) return undefined;
  const answer = await fetch(`${field.dataset.mentionUrl}?q=${encodeURIComponent(handle)}`, { credentials: "same-origin", redirect: "manual" }).catch(() => undefined);
  if (number !== asked || !answer?.ok) return undefined;
  return open(field, await answer.text());
}

function pressed(event) {
  const field = event.target;
  if (event.key === "Escape" && combobox) {
    event.stopPropagation();
    close(field);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented) {
    event.preventDefault();
    field.form.requestSubmit();
  }
}

async function sent(event) {
  const form = event.target;
  if (!form.matches?.("form[data-note]") || !event.detail.successful) return;
  form.reset();
  const panel = document.querySelector('[data-panel="timeline"]');
  if (panel) await refresh(panel).catch(() => undefined);
}

function isNote(event) {
  return event.target.matches?.("textarea[data-mention-url]");
}

export function start() {
  document.addEventListener("input", (event) => isNote(event) && offer(event.target));
  document.addEventListener("keydown", (event) => isNote(event) && pressed(event));
  document.addEventListener("focusout", (event) => {
    if (isNote(event) && combobox) setTimeout(() => document.activeElement !== event.target && close(event.target), 150);
  });
  document.addEventListener("combobox-commit", (event) => {
    const field = document.querySelector(`textarea[data-mention-list="${event.target.parentElement?.id}"]`);
    if (field) take(field, event.target.dataset.handle);
  });
  document.addEventListener("htmx:afterRequest", sent);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-timeline-top]")) return;
    event.preventDefault();
    document.getElementById("timeline-box").scrollTo({ top: 0 });
    document.getElementById("timeline-box").focus({ preventScroll: true });
  });
}
