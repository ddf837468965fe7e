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
  const unreachable = (event) => {
    // What is asked while somebody types is asked again; the form says itself that it keeps what is typed.
    const field = event.target.matches?.("input, textarea, select") && event.target.closest("[data-autosave]");
    if (field && field.querySelector("[data-autosave-state]")) return;
    if (!place.querySelector("[data-unreachable]")) toast(word("unreachable"), "bad").dataset.unreachable = "";
  };
  document.addEventListener("htmx:sendError", unreachable);
  document.addEventListener("htmx:timeout", unreachable);
  document.addEventListener("htmx:afterOnLoad", () => place.querySelector("[data-unreachable]")?.remove());
  addEventListener("online", () => place.querySelector("[data-unreachable]")?.remove());
  document.addEventListener("htmx:responseError", (event) => {
    const form = event.target.closest?.("[data-autosave]");
    if (event.detail.xhr.status !== 401) toast(word("failed"), "bad");
    else if (form?.querySelector("[data-autosave-state]")) return; // the form says so itself
    else signedOut(form);
  });
}

// What is kept comes back with the page that the sign-in returns to.
function signedOut(form) {
  const line = toast(`${word(form ? "keptSignedOut" : "signedOutNothing")} `, "bad");
  const link = document.createElement("a");
  link.href = `/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = word("signIn");
  line.append(link);
}
