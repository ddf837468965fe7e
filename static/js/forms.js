// Small help in forms: the list of errors gets the focus, a form is sent once, time buttons fill a time field.
import { local, now } from "./clock.js";

function showErrors(root) {
  root.querySelector?.("[data-error-summary]")?.focus();
}

function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, 4000);
}

// What a time field holds, in the zone in which the server reads it: the field's own, or the viewer's.
function fieldValue(field, at) {
  const ahead = field.dataset.utcOffsetMinutes;
  const time = ahead === undefined ? local(at) : local(at, Number(ahead));
  return field.type === "time" ? time.slice(11, 16) : time.slice(0, 16);
}

// A button that puts a ready answer into a field; without scripts it sends the form and the server does it.
function fillIn(event) {
  const button = event.target.closest("[data-fill]");
  const field = button && document.getElementById(button.dataset.fill);
  if (!field) return;
  event.preventDefault();
  field.value = button.dataset.fillText;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

export function start() {
  showErrors(document);
  document.addEventListener("htmx:afterSwap", (event) => showErrors(event.detail.target));
  document.addEventListener("submit", once);
  document.addEventListener("click", fillIn);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-offset-minutes]");
    const field = button && document.getElementById(button.dataset.target);
    if (!field) return;
    field.value = fieldValue(field, now() + Number(button.dataset.offsetMinutes) * 60_000);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
