// A form with data-hold (an address to try) is sent only when the portal can be reached. Until then it waits on this
// device, says so, and goes by itself.
import { settled } from "./autosave.js";
import { word } from "./words.js";

const PAUSE = 3_000;
const PATIENCE = 4_000;
const passed = new WeakSet();
const waiting = new WeakMap();

async function reachable(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return answer.status < 500;
  } catch {
    return false;
  }
}

function tell(form) {
  const place = document.createElement("div");
  place.className = "notice";
  place.dataset.tone = "warn";
  place.dataset.holdState = "";
  place.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.textContent = `${word("held")} `;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "btn btn-quiet";
  stop.textContent = word("doNotSend");
  stop.addEventListener("click", () => give(form));
  text.append(stop);
  place.append(text);
  (form.querySelector("[data-form-says]") ?? form).prepend(place);
  place.scrollIntoView({ block: "nearest" });
  return place;
}

function give(form) {
  const held = waiting.get(form);
  if (!held) return;
  clearInterval(held.timer);
  removeEventListener("online", held.retry);
  held.place.remove();
  waiting.delete(form);
}

function go(form, submitter) {
  give(form);
  passed.add(form);
  form.requestSubmit(submitter?.form === form ? submitter : undefined);
  passed.delete(form);
}

function wait(form, submitter) {
  if (waiting.has(form)) return;
  const retry = async () => {
    if (waiting.has(form) && (await reachable(form.dataset.hold)) && waiting.has(form)) go(form, submitter);
  };
  waiting.set(form, { place: tell(form), retry, timer: setInterval(retry, PAUSE) });
  addEventListener("online", retry);
}

export function start() {
  document.addEventListener(
    "submit",
    async (event) => {
      const { target: form, submitter } = event;
      if (!form.matches("form[data-hold]") || passed.has(form)) return;
      event.preventDefault();
      await settled(form);
      if (await reachable(form.dataset.hold)) go(form, submitter);
      else wait(form, submitter);
    },
    { capture: true },
  );
}
