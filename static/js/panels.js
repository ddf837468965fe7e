// Fetches a panel again and puts it in place, without taking away what somebody is typing or has opened there.
import htmx from "htmx.org";
import { word } from "./words.js";

const latest = new WeakMap();

function typed(field) {
  if (field.type === "hidden" || field.type === "submit" || field.type === "button") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.dataset.touched === "1";
  return field.value !== field.defaultValue;
}

function fields(panel) {
  return [...panel.querySelectorAll("input, textarea, select")].filter((field) => field.name);
}

export function busy(panel) {
  const dialogOpen = panel.querySelector("dialog[open]") !== null;
  const choosing = panel.contains(document.activeElement) && document.activeElement.matches("select");
  return dialogOpen || choosing || fields(panel).some(typed);
}

function fieldKey(field) {
  const form = field.form;
  return [form?.getAttribute("action") ?? "", field.name, field.type === "radio" ? field.value : ""].join("|");
}

function remember(panel) {
  return {
    values: new Map(fields(panel).filter(typed).map((field) => [fieldKey(field), field])),
    open: new Set([...panel.querySelectorAll("details[id][open]")].map((details) => details.id)),
    focus: panel.contains(document.activeElement) ? document.activeElement.id : "",
    scroll: [...panel.querySelectorAll("[data-keep-scroll]")].map((box) => box.scrollTop),
  };
}

function giveBack(panel, before) {
  fields(panel).forEach((field) => {
    const old = before.values.get(fieldKey(field));
    if (!old) return;
    if (field.type === "checkbox" || field.type === "radio") field.checked = old.checked;
    else field.value = old.value;
  });
  panel.querySelectorAll("details[id]").forEach((details) => {
    if (before.open.has(details.id)) details.open = true;
  });
  panel.querySelectorAll("[data-keep-scroll]").forEach((box, index) => {
    box.scrollTop = before.scroll[index] ?? 0;
  });
  if (before.focus) document.getElementById(before.focus)?.focus({ preventScroll: true });
}

export function put(panel, html) {
  if (latest.get(panel) === html) return;
  const before = remember(panel);
  panel.innerHTML = html;
  latest.set(panel, html);
  giveBack(panel, before);
  htmx.process(panel);
  panel.dispatchEvent(new CustomEvent("mim:panel", { bubbles: true }));
}

function offer(panel) {
  if (panel.querySelector(":scope > .panel-changed")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "panel-changed";
  button.textContent = word("changed");
  button.addEventListener("click", () => refresh(panel, { force: true }).catch(() => undefined));
  panel.prepend(button);
}

// Resolves when the panel shows the present; throws when the server could not be asked.
export async function refresh(panel, { force = false } = {}) {
  if (busy(panel) && !force) return offer(panel);
  const answer = await fetch(panel.dataset.panelUrl, {
    headers: { "HX-Request": "true", "X-Panel": panel.dataset.panel },
    credentials: "same-origin",
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Error("signedOut");
  if (!answer.ok) throw new Error(`panel ${answer.status}`);
  const html = await answer.text();
  if (busy(panel) && !force) return offer(panel);
  return put(panel, html);
}

export function start() {
  document.addEventListener("mim:put", (event) => put(event.target, event.detail));
  document.addEventListener("change", (event) => {
    if (event.target.options) event.target.dataset.touched = "1";
  });
}
