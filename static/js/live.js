// A room stays current: the stream names what changed, the page fetches it. When the stream fails the page asks every
// five seconds and says so; when that fails too, it says since when it has had no contact.
import { now, timeOfDay } from "./clock.js";
import { refresh } from "./panels.js";
import { word } from "./words.js";

const POLL = 5_000;
const MOVING = 2_000;
const LONGEST_PAUSE = 15_000;
const PATIENCE = 8_000;
const SILENCE = 40_000; // the stream beats every 15 s; a frozen process or a lost network says nothing at all

let contact = now();
let failures = 0;
let polling;
let stream;
let seen = 0;
let heard = 0; // when the stream last gave a sign of life, by this device's own clock
let deaf = false; // the stream is open and says that it hears nothing itself

function say(state) {
  const time = timeOfDay(contact);
  document.querySelectorAll("[data-live-state]").forEach((place) => {
    place.dataset.liveState = state;
    place.textContent = word(state, { time });
  });
}

function panels(names) {
  const all = [...document.querySelectorAll("[data-panel][data-panel-url]")];
  return names ? all.filter((panel) => names.includes(panel.dataset.panel) || names.includes(panel.dataset.panelWith)) : all;
}

async function fetchAgain(names) {
  const results = await Promise.allSettled(panels(names).map((panel) => refresh(panel)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  contact = now();
}

// A panel says when it will say something else by itself, such as that five minutes are over.
function isDue(panel) {
  return [...panel.querySelectorAll("[data-moves-at]")].some((place) => Date.parse(place.dataset.movesAt) <= now());
}

// What goes on without an event, such as messages on their way, is looked at again until it stands still.
function followWhatMoves() {
  if (polling || document.hidden) return;
  panels()
    .filter((panel) => panel.querySelector("[data-moving]") || isDue(panel))
    .forEach((panel) => refresh(panel).catch(() => undefined));
}

async function poll() {
  try {
    await fetchAgain();
    say("polling");
  } catch (error) {
    say(error.message === "signedOut" ? "signedOut" : "stale");
  }
}

function alive() {
  heard = Date.now();
}

function giveUpSilence() {
  if (stream && heard && Date.now() - heard > SILENCE) fall();
}

function hear(event) {
  alive();
  const { seq = 0, panels: names } = JSON.parse(event.data);
  contact = now();
  const gap = seen && seq > seen + 1;
  seen = Math.max(seen, seq);
  setTimeout(() => fetchAgain(gap ? undefined : names).catch(() => fall()), Math.random() * 300);
}

function fall() {
  stream?.close();
  stream = undefined;
  showPresence();
  if (!polling) {
    polling = setInterval(poll, POLL);
    poll();
  }
  failures += 1;
  setTimeout(connect, Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + Math.random()));
}

// The stream stays open while its own source is away: the page asks for itself until it is back.
function goDeaf() {
  deaf = true;
  showPresence();
  if (!polling) {
    polling = setInterval(poll, POLL);
    poll();
  }
}

function hearAgain() {
  deaf = false;
  fetchAgain().then(settle, fall);
}

function settle() {
  if (deaf || !stream) return;
  clearInterval(polling);
  polling = undefined;
  failures = 0;
  contact = now();
  say("live");
}

// Who else is here, by name; nobody is named that the stream does not know of any more.
function showPresence(event) {
  const { count, people = [] } = event ? JSON.parse(event.data) : { count: 0 };
  document.querySelectorAll("[data-live-presence]").forEach((place) => {
    place.textContent = count ? word("here", { count }) : "";
  });
  document.querySelectorAll("[data-live-people]").forEach((list) => {
    const lines = people.map((name) => Object.assign(document.createElement("li"), { textContent: name }));
    list.replaceChildren(...lines);
    list.closest("details")?.toggleAttribute("hidden", !count);
  });
}

async function ticket(place) {
  const answer = await fetch(place.dataset.liveRenewUrl, { credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) throw new Error(`ticket ${answer.status}`);
  return (await answer.json()).url;
}

async function connect() {
  const place = document.querySelector("[data-live-url]");
  if (!place || stream) return;
  try {
    const url = failures && place.dataset.liveRenewUrl ? await ticket(place) : place.dataset.liveUrl;
    if (stream) return;
    deaf = false;
    stream = new EventSource(url);
  } catch {
    fall();
    return;
  }
  const patience = setTimeout(fall, PATIENCE); // browsers queue a seventh stream without a word
  stream.onopen = () => {
    clearTimeout(patience);
    opened();
  };
  stream.onmessage = hear;
  stream.addEventListener("beat", alive);
  stream.addEventListener("stale", goDeaf);
  stream.addEventListener("fresh", hearAgain);
  stream.addEventListener("presence", showPresence);
  stream.onerror = () => {
    clearTimeout(patience);
    fall();
  };
}

// "live" is said only when what happened meanwhile has been fetched too.
async function opened() {
  alive();
  try {
    if (failures) await fetchAgain();
  } catch {
    fall();
    return;
  }
  settle();
}

export function start() {
  if (!document.querySelector("[data-live-url]")) return;
  connect();
  setInterval(followWhatMoves, MOVING);
  setInterval(giveUpSilence, POLL);
  addEventListener("online", () => {
    if (!stream) connect();
  });
  // A stream whose network is gone says nothing for a while: what the device or a request has noticed counts at once.
  addEventListener("offline", () => stream && fall());
  document.addEventListener("htmx:sendError", () => stream && fall());
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) fall();
  });
}
