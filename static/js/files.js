// Files of a form that keeps drafts: chosen or pasted, they go to the draft at once. Without a network they wait in
// this window and go when it is back.
import { draftAddress } from "./autosave.js";
import { now, timeOfDay } from "./clock.js";
import { word } from "./words.js";

let queue = []; // what still has to go, as functions that fill in the body
let busy = false;

function place() {
  return document.querySelector("[data-draft-files]");
}

function formOf() {
  return place()?.closest("form");
}

function say(text) {
  const state = document.querySelector("[data-draft-files-state]");
  if (state) state.textContent = text;
}

async function send(fillIn) {
  const form = formOf();
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  fillIn(body);
  const answer = await fetch(`${await draftAddress(form)}files/`, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
  if (answer.ok || answer.status === 422) place().innerHTML = await answer.text();
  say(answer.ok ? "" : word(answer.status === 422 ? "filesRefused" : "filesNotTaken"));
}

async function work() {
  if (busy) return;
  busy = true;
  try {
    while (queue.length) {
      say(word("filesSending"));
      await send(queue[0]);
      queue.shift();
    }
  } catch {
    say(word("filesWait"));
  } finally {
    busy = false;
  }
}

function upload(files) {
  [...files].forEach((file) => queue.push((body) => body.append("file", file, nameOf(file))));
  work();
}

// A pasted picture has no name of its own.
function nameOf(file) {
  if (file.name && file.name !== "image.png") return file.name;
  return `screenshot-${timeOfDay(now(), true).replaceAll(":", "")}.${file.type.split("/")[1] ?? "png"}`;
}

export function start() {
  if (!place()) return;
  addEventListener("online", work);
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-draft-upload]")) return;
    upload(event.target.files);
    event.target.value = ""; // they are on their way, and are not sent again with the form
  });
  document.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (!files.length) return;
    event.preventDefault();
    upload(files);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draft-files] [name=remove_file]");
    if (!button) return;
    event.preventDefault();
    queue.push((body) => body.append("remove_file", button.value));
    work();
  });
}
