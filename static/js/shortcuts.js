// Single keys press what names them; `?` lists them, and what else the page says of its keys. Never while somebody types.
function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

function listed() {
  return [...document.querySelectorAll("[data-shortcut]")];
}

function show() {
  const dialog = document.getElementById("shortcuts");
  const list = document.getElementById("shortcuts-list");
  if (!dialog || !list || dialog.open) return;
  list.querySelectorAll("[data-found]").forEach((row) => row.remove());
  [...listed(), ...document.querySelectorAll("[data-keys]")].forEach((element) => {
    const row = document.createElement("div");
    row.dataset.found = "";
    const key = document.createElement("kbd");
    key.textContent = element.dataset.shortcut ?? element.dataset.keys;
    const term = document.createElement("dt");
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = element.dataset.command || element.textContent.trim();
    row.append(term, meaning);
    list.append(row);
  });
  dialog.showModal();
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return show();
    const element = listed().find((one) => one.dataset.shortcut === event.key);
    if (element) {
      event.preventDefault();
      element.matches("input, textarea, select") ? element.focus() : element.click();
    }
  });
}
