// The words that scripts write, translated by components/words.html.
let words;

export function word(key, values = {}) {
  words ??= JSON.parse(document.getElementById("words")?.textContent ?? "{}");
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] ?? key);
}

export function announce(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}

export function toast(text, tone = "plain") {
  const line = document.createElement("div");
  line.className = "toast-line";
  line.dataset.tone = tone;
  line.dataset.toast = "";
  line.textContent = text;
  document.getElementById("toasts")?.append(line);
  return line;
}
