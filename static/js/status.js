// Status pages: times in the reader's own zone, the time to the next promised update, and what is new without a reload:
// shown where it stands, and said once to those who hear the page. A page behind sign-in says when its reader is out.
const place = document.documentElement;
const zone = -new Date().getTimezoneOffset();
const sign = zone < 0 ? "-" : "+";
const hours = Math.floor(Math.abs(zone) / 60);
const minutes = Math.abs(zone) % 60;
const offset = `UTC${sign}${hours}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}`;
const two = { hour: "2-digit", minute: "2-digit", hour12: false };
const parts = ["main", ".status-name + p"];

function localise(page) {
  page.querySelectorAll("time[data-local]").forEach((time) => {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) return;
    const clock = at.toLocaleTimeString("en-GB", two);
    const day = at.toLocaleDateString(place.lang || "en-GB", { weekday: "short", day: "numeric", month: "short" }).replace(/^(\w+) /, "$1 ");
    time.textContent = time.dataset.local === "date" ? `${day}, ${clock} (${offset})` : `${clock} (${offset})`;
  });
}

// Templates give the sentences: data-in="in {length}", data-late="late by {length}".
function tick() {
  document.querySelectorAll("time[data-next]").forEach((time) => {
    const left = Date.parse(time.dateTime) - Date.now();
    const total = Math.max(1, Math.round(Math.abs(left) / 60_000));
    const length = total < 60 ? `${total} min` : `${Math.floor(total / 60)} h ${total % 60} min`;
    const words = (left < 0 ? time.dataset.late : time.dataset.in) ?? "";
    time.textContent = words.replace("{length}", length);
    time.toggleAttribute("data-passed", left < 0);
  });
}

// As it was served, before a time in it was changed.
const served = (page) => parts.map((part) => page.querySelector(part)?.innerHTML).join();
// What is worth hearing when it is new, each with the name of what it is about.
const worth = (page) =>
  [...page.querySelectorAll("[data-said]")].map((one) => [
    one.closest("article")?.querySelector("h2, h3").textContent.trim(),
    one.textContent.replace(/\s+/g, " ").trim(),
  ]);
const key = (one) => `${one.closest("[id]").id} ${one.tagName} ${one.getAttribute("href")}`;
const all = (selector) => [...document.querySelectorAll(`main ${selector}`)];

// What was open stays open, and who was at a link is there again.
function exchange(page) {
  const at = document.activeElement?.closest("main a, main summary");
  const focused = at && key(at);
  const open = new Set(all("details[open] > summary").map(key));
  parts.forEach((part) => document.querySelector(part)?.replaceChildren(...(page.querySelector(part)?.childNodes ?? [])));
  document.title = page.title;
  all("summary").forEach((one) => (one.parentElement.open = open.has(key(one))));
  if (focused) all("a, summary").find((one) => key(one) === focused)?.focus({ preventScroll: true });
}

function say(before, now) {
  const known = new Set(before.map(String));
  let about;
  const words = now.filter((one) => !known.has(String(one))).map(([name, text]) => {
    const again = !name || name === about;
    about = name;
    return again ? text : `${name}: ${text}`;
  });
  if (words.length) announce(words.join(" "));
}

function announce(words) {
  document.querySelector("[data-announce]").textContent = words;
}

// The last text stays, with the moment until which it was known to be the latest.
function signedOut(out) {
  const notice = document.querySelector("[data-signed-out]");
  if (!notice || notice.hidden !== out) return;
  notice.hidden = !out;
  if (!out) return;
  notice.querySelectorAll("time").forEach((time) => (time.dateTime = contact.toISOString()));
  notice.querySelector("a").search = `?next=${encodeURIComponent(location.pathname)}`;
  localise(notice);
  tick();
  announce(notice.textContent.replace(/\s+/g, " ").trim());
}

let shown = served(document);
localise(document);
let heard = worth(document);
let contact = new Date();
place.classList.add("js");
tick();
setInterval(tick, 15_000);

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
  if (answer?.redirected && !new URL(answer.url).pathname.startsWith("/status/")) signedOut(true);
  if (!answer?.ok || answer.redirected) return;
  contact = new Date();
  signedOut(false);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = served(page);
  if (found === shown || !page.querySelector("[data-announce]")) return;
  shown = found;
  localise(page);
  const now = worth(page);
  exchange(page);
  tick();
  say(heard, now);
  heard = now;
}

// Links for one reader are counted when they are opened: such a page stays as it was opened.
if (location.pathname.startsWith("/status/")) {
  setInterval(look, 30_000);
  document.addEventListener("visibilitychange", look);
}
