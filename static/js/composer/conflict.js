// Two people at one draft: neither text is overwritten. Theirs is shown beside mine, and one of them is chosen.
let form;
let theirs;

function show(told) {
  if (!told.html || told.revision === theirs?.revision) return;
  theirs = told;
  document.getElementById("theirs")?.remove();
  form.insertAdjacentHTML("beforebegin", told.html);
  document.getElementById("theirs-title")?.focus();
}

function choose(event) {
  const mine = event.target.closest("[data-keep-mine]");
  if (!mine && !event.target.closest("[data-take-theirs]")) return;
  if (!mine) {
    form.dispatchEvent(new CustomEvent("mim:forget", { bubbles: true }));
    location.replace(location.pathname); // as it stands on the server, every field of it
    return;
  }
  if (theirs) form.elements.revision.value = theirs.revision;
  document.getElementById("theirs")?.remove();
  theirs = undefined;
  form.querySelector("[name=body]").dispatchEvent(new Event("input", { bubbles: true }));
}

export function start(given) {
  form = given;
  form.addEventListener("mim:conflict", (event) => show(event.detail));
  document.addEventListener("click", choose);
}
