// Short news goes by itself after a while; bad news stays until pressed. Requests that fail are told.
import { toast, word } from "./words.js";

const STAY = 6000;

export function start() {
  const place = document.getElementById("toasts");
  if (!place) return;
  new MutationObserver((changes) => {
    changes.flatMap((change) => [...change.addedNodes]).forEach((line) => {
      if (line.dataset?.tone !== "bad") setTimeout(() => line.remove?.(), STAY);
    });
  }).observe(place, { childList: true });
  place.addEventListener("click", (event) => event.target.closest("[data-toast]")?.remove());
  document.addEventListener("htmx:sendError", () => toast(word("unreachable"), "bad"));
  document.addEventListener("htmx:timeout", () => toast(word("unreachable"), "bad"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401 && event.target.closest?.("[data-autosave]")) return; // the form says so itself
    toast(word("failed"), "bad");
  });
}
