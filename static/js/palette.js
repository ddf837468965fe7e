// Ctrl-K: every command of the page by name, with the keyboard alone.
import Combobox from "@github/combobox-nav";

let combobox;

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
