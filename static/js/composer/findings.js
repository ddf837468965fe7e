// Findings while one types: asked for when the typing pauses, dropped when the text has moved on, mended by one key.
import { announce, word } from "../words.js";
import * as editors from "./editors.js";

const PAUSE = 600;
let form;
let timer;
let asked = 0;
let said = "";

// What the answer is about. A save that ends meanwhile changes the hidden fields that name the draft, and no word.
function key() {
  const typed = [...new FormData(form)].filter(([name]) => form.elements[name]?.type !== "hidden");
  return new URLSearchParams(typed).toString();
}

function plan(wait = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

async function ask() {
  const mine = (asked += 1);
  const typed = key();
  let answer;
  try {
    answer = await fetch(form.dataset.findingsUrl, {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
    });
  } catch {
    addEventListener("online", () => plan(), { once: true });
    return;
  }
  if (answer.status === 429) return plan(1000 * Number(answer.headers.get("Retry-After") ?? 2));
  if (!answer.ok) return;
  const told = await answer.json();
  if (mine !== asked || typed !== key()) return; // about another text: the newer question is on its way
  show(told);
}

function show(told) {
  editors.list().forEach((one) => {
    const found = told.findings.filter((each) => each.part === one.part && each.audience === one.audience);
    editors.mark(one, found, { spellcheck: !told.language_checked });
  });
  const list = document.getElementById("findings-list");
  const held = list.contains(document.activeElement);
  list.dispatchEvent(new CustomEvent("mim:put", { bubbles: true, detail: told.html }));
  if (held && document.activeElement === document.body) form.querySelector(".composer-findings").focus();
  form.querySelector(".composer-findings .panel-note")?.replaceChildren(word("asTyped"));
  tell(told.findings.filter((each) => each.blocking).length, told.findings.length);
}

// How many there are is said when that changes, not with every pause.
function tell(stopping, count) {
  const words = count ? word("findingsSaid", { count, stopping }) : word("findingsNone");
  if (words === said) return;
  said = words;
  form.querySelector("[data-findings-said]").textContent = words;
}

function everything() {
  return editors.list().flatMap((one) => editors.marked(one));
}

// Where the cursor is among all texts: the editor with the focus, or before the first.
function here() {
  const index = editors.list().findIndex((one) => one.view.hasFocus);
  return { index, at: index < 0 ? -1 : editors.list()[index].view.state.selection.main.head };
}

function order(found, { index, at }, place) {
  const own = editors.list().indexOf(found.one);
  return own === index ? place - at : (own - index) * 1e9;
}

function go(found) {
  const { view } = found.one;
  view.focus();
  view.dispatch({ selection: { anchor: found.from, head: found.to }, scrollIntoView: true });
}

function step(back) {
  const all = everything();
  if (!all.length) announce(word("findingsNone"));
  const cursor = here();
  const next = back
    ? all.filter((each) => order(each, cursor, each.to) < 0).at(-1) ?? all.at(-1)
    : all.find((each) => order(each, cursor, each.from) > 0 || (order(each, cursor, each.from) === 0 && cursor.at !== each.to && order(each, cursor, each.to) > 0)) ?? all[0];
  if (next) go(next);
  return true;
}

// The finding under the cursor, or the next one that has a fix.
function fix() {
  const all = everything().filter((each) => each.finding.suggestions.length);
  const cursor = here();
  const found = all.find((each) => order(each, cursor, each.to) >= 0) ?? all[0];
  if (!found) {
    announce(word("noFix"));
    return true;
  }
  put(found, found.finding.suggestions[0]);
  return true;
}

function put(found, words) {
  const before = found.one.view.state.sliceDoc(found.from, found.to);
  found.one.view.focus();
  editors.replace(found.one, found, words);
  announce(word("fixed", { before, after: words }));
  plan(100);
}

// The finding of a line of the list, where it is now.
function foundAt(line) {
  const { part, audience, start, end } = line.dataset;
  return everything().find(({ one, finding }) => one.part === part && one.audience === audience && String(finding.start) === start && String(finding.end) === end);
}

async function learn(term) {
  const body = new URLSearchParams({ term, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(form.dataset.wordsUrl, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
  announce(answer.ok ? (await answer.json()).said : word("failed"));
  plan(100);
}

function pressed(event) {
  const line = event.target.closest("[data-start]");
  const button = event.target.closest("[data-fix], [data-learn]");
  if (!line) return;
  if (button && "learn" in button.dataset) {
    event.preventDefault();
    learn(button.dataset.learn).catch(() => announce(word("unreachable")));
    return;
  }
  const found = foundAt(line);
  if (!found || (event.target.closest("button, select, input, summary, a") && !button)) return;
  event.preventDefault();
  if (button) put(found, button.dataset.fix);
  else go(found);
}

function outside(event) {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "F8") {
    event.preventDefault();
    step(event.shiftKey);
  }
}

export function start(given) {
  form = given;
  editors.handle({ next: () => step(false), previous: () => step(true), fix });
  form.addEventListener("input", () => plan());
  form.addEventListener("change", () => plan());
  document.addEventListener("keydown", outside);
  document.addEventListener("mim:panel", (event) => event.target.matches("[data-panel=facts]") && plan(0));
  document.getElementById("findings-list").addEventListener("click", pressed);
  if (editors.list().some((one) => one.field.value.trim())) plan(200);
}
