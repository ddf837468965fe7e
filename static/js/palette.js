// Ctrl-K: every command of the page by name, and every incident by reference or title, with the keyboard alone.
import Combobox from "@github/combobox-nav";

const PAUSE = 150; // of typing, before the portal is asked for incidents
const SHORTEST = 2;

let combobox;
let asked; // the question that is on its way
let waiting;

function commands() {
  const seen = new Set();
  return [...document.querySelectorAll("[data-command]")].filter((element) => {
    const name = element.dataset.command;
    if (!name || seen.has(name) || element.disabled || element.closest("dialog")) return false;
    seen.add(name);
    return true;
  });
}

function matches(name, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((part) => name.toLowerCase().includes(part));
}

function option(element, index) {
  const line = document.createElement("li");
  line.id = `palette-option-${index}`;
  line.setAttribute("role", "option");
  line.textContent = element.dataset.command;
  if (element.dataset.shortcut) {
    const key = document.createElement("kbd");
    key.textContent = element.dataset.shortcut;
    line.append(key);
  }
  line.addEventListener("combobox-commit", () => {
    document.getElementById("palette").close();
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  });
  return line;
}

function list() {
  const query = document.getElementById("palette-input").value;
  const found = commands().filter((element) => matches(element.dataset.command, query));
  document.getElementById("palette-list").replaceChildren(...found.map(option));
  document.getElementById("palette-empty").hidden = found.length > 0;
  if (found.length) combobox.navigate(1);
  find(query.trim());
}

function incidentOption(incident, index) {
  const line = document.createElement("li");
  line.id = `palette-incident-${index}`;
  line.setAttribute("role", "option");
  const name = document.createElement("span");
  name.textContent = `${incident.reference} ${incident.title}`;
  const stand = document.createElement("span");
  stand.className = "secondary";
  stand.textContent = `${incident.priority} · ${incident.state}`;
  line.append(name, stand);
  line.addEventListener("combobox-commit", () => location.assign(incident.url));
  return line;
}

// Asked for once the typing pauses; an answer that comes after the next letter is thrown away.
function find(query) {
  clearTimeout(waiting);
  asked?.abort();
  const { findUrl } = document.getElementById("palette").dataset;
  if (!findUrl || query.length < SHORTEST) return;
  waiting = setTimeout(async () => {
    asked = new AbortController();
    try {
      const answer = await fetch(`${findUrl}?q=${encodeURIComponent(query)}`, { credentials: "same-origin", signal: asked.signal });
      if (!answer.ok) return;
      const { results } = await answer.json();
      const commandsFound = document.querySelector("#palette-list [role=option]") !== null;
      document.getElementById("palette-list").append(...results.map(incidentOption));
      if (results.length) document.getElementById("palette-empty").hidden = true;
      if (results.length && !commandsFound) combobox.navigate(1);
    } catch {
      // No contact, or the question has changed: the commands are there all the same.
    }
  }, PAUSE);
}

function open(dialog, input) {
  if (dialog.open) return;
  dialog.showModal();
  input.value = "";
  combobox = new Combobox(input, document.getElementById("palette-list"));
  combobox.start();
  input.addEventListener("input", list); // after the library's own listener, which clears the choice
  list();
  input.focus();
}

export function start() {
  const dialog = document.getElementById("palette");
  const input = document.getElementById("palette-input");
  if (!dialog || !input) return;
  dialog.addEventListener("close", () => {
    input.removeEventListener("input", list);
    clearTimeout(waiting);
    asked?.abort();
    combobox?.stop();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open(dialog, input);
    else if (event.target === dialog) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open(dialog, input);
    }
  });
}
