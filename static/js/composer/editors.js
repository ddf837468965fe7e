// CodeMirror over the fields of the texts. The field stays what is sent: each change is written to it, and a change of
// the field (a draft that comes back) is written to the editor.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { forEachDiagnostic, linter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { word } from "../words.js";

const all = []; // in the order of the page
const handlers = { next: () => true, previous: () => true, fix: () => true };

function oneLine(form) {
  return [
    EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)),
    keymap.of([{ key: "Enter", run: () => (form.requestSubmit(form.querySelector("[name=deed][value=check]")), true) }]),
  ];
}

function leave(view) {
  view.contentDOM.blur();
  document.querySelector(".composer-findings")?.focus(); // Tab was never taken; Esc frees the single keys too
  return true;
}

function keys() {
  return keymap.of([
    { key: "F8", run: () => handlers.next() },
    { key: "Shift-F8", run: () => handlers.previous() },
    { key: "Alt-Enter", run: () => handlers.fix() },
    { key: "Mod-.", run: () => handlers.fix() },
    { key: "Escape", run: leave },
    ...historyKeymap,
    ...defaultKeymap,
  ]);
}

// The finding under the cursor, said in a line below the text: for keyboards and for those who cannot hover. Only the
// text that is being written says one, for its keys act on no other.
function tell(one) {
  const at = one.view.state.selection.main.head;
  let found;
  if (one.view.hasFocus) forEachDiagnostic(one.view.state, (diagnostic, from, to) => {
    if (from <= at && at <= to) found ??= diagnostic;
  });
  const fix = found?.finding.suggestions[0];
  const text = found ? [found.message, fix ? word("fixKey", { words: fix }) : ""].join(" ").trim() : "";
  if (one.line.textContent !== text) one.line.textContent = text;
}

function attributes(field, spellcheck) {
  return EditorView.contentAttributes.of({
    id: field.dataset.editorId, "data-editor": field.name, "aria-labelledby": `${field.dataset.editorId}-label`, "aria-multiline": String(field.tagName === "TEXTAREA"),
    "aria-required": String(field.required), spellcheck: String(spellcheck), autocapitalize: "sentences",
    ...(field.getAttribute("aria-describedby") ? { "aria-describedby": field.getAttribute("aria-describedby") } : {}),
  });
}

function make(form, field) {
  const label = form.querySelector(`label[for="${field.id}"]`);
  field.dataset.editorId = field.id;
  field.id = `${field.id}-plain`;
  if (label) label.id = `${field.dataset.editorId}-label`;
  const [part, audience = ""] = field.name.split("--");
  const one = { field, part, audience, spelling: new Compartment(), line: document.createElement("p") };
  one.line.className = "finding-line";
  one.line.setAttribute("role", "status");
  one.view = new EditorView({
    state: EditorState.create({
      doc: field.value,
      extensions: [
        EditorView.cspNonce.of(form.dataset.nonce), EditorView.lineWrapping, history(), linter(null), keys(),
        one.spelling.of(attributes(field, false)), ...(field.tagName === "INPUT" ? [oneLine(form)] : []),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && field.value !== update.state.doc.toString()) {
            field.value = update.state.doc.toString();
            field.dispatchEvent(new Event("input", { bubbles: true }));
          }
          if (one.view) tell(one);
        }),
      ],
    }),
  });
  one.view.dom.dataset.lines = field.tagName === "INPUT" ? "one" : "many";
  one.view.dom.dataset.editorFor = field.name;
  field.hidden = true;
  field.after(one.view.dom);
  field.closest(".field-line").after(one.line);
  label?.addEventListener("click", () => one.view.focus());
  all.push(one);
}

// What came into the fields from elsewhere, such as a draft that is back.
function takeFields() {
  all.filter((one) => one.view.state.doc.toString() !== one.field.value.replace(/\r\n?/g, "\n")).forEach((one) => {
    one.view.dispatch({ changes: { from: 0, to: one.view.state.doc.length, insert: one.field.value } });
  });
}

export function list() {
  return all;
}

export function of(part, audience) {
  return all.find((one) => one.part === part && one.audience === audience);
}

export function handle(given) {
  Object.assign(handlers, given);
}

// Code points, as the server counts, into the units in which a browser does.
export function units(text, codePoints) {
  let at = 0;
  for (let left = codePoints; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

export function mark(one, found, { spellcheck }) {
  const text = one.view.state.doc.toString();
  const lead = text.length - text.trimStart().length; // the server reads a text without its outer spaces
  const words = text.trimStart();
  const severity = { error: "error", warning: "warning", advice: "info" };
  const diagnostics = found.filter((each) => each.end > each.start).map((finding) => ({
    from: lead + units(words, finding.start), to: Math.min(text.length, lead + units(words, finding.end)),
    severity: severity[finding.severity], message: finding.message, finding,
  }));
  one.view.dispatch(setDiagnostics(one.view.state, diagnostics));
  one.view.dispatch({ effects: one.spelling.reconfigure(attributes(one.field, spellcheck)) });
  tell(one);
}

// The findings that are still marked, where edits have moved them.
export function marked(one) {
  const found = [];
  forEachDiagnostic(one.view.state, (diagnostic, from, to) => found.push({ one, from, to, finding: diagnostic.finding }));
  return found.sort((a, b) => a.from - b.from);
}

// What is put in is right: its mark goes with the words that it was about.
export function replace(one, { from, to, finding }, insert) {
  one.view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, scrollIntoView: true, userEvent: "input.complete" });
  const rest = [];
  forEachDiagnostic(one.view.state, (diagnostic, start, end) => diagnostic.finding !== finding && rest.push({ ...diagnostic, from: start, to: end }));
  one.view.dispatch(setDiagnostics(one.view.state, rest));
}

export function start(form) {
  form.querySelectorAll("input[name=subject], textarea[name=body], [name^='subject--'], [name^='body--']").forEach((field) => make(form, field));
  form.addEventListener("input", (event) => event.target === form && takeFields());
  form.addEventListener("reset", () => setTimeout(takeFields));
  takeFields();
}
