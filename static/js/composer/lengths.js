// How long each text is, against what its readers have time for.
import { word } from "../words.js";

function show(form, place) {
  const field = form.elements[place.dataset.wordsOf.replace(/^id_/, "")];
  if (!field) return;
  const count = (field.value.match(/\S*[\p{L}\p{N}]\S*/gu) ?? []).length;
  const most = Number(place.dataset.mostWords ?? 0);
  place.textContent = most ? word("wordsOf", { count, most }) : word("words", { count });
  place.toggleAttribute("data-over", most > 0 && count > most);
}

export function start(form) {
  const places = [...form.querySelectorAll("[data-words-of]")];
  const all = () => places.forEach((place) => show(form, place));
  form.addEventListener("input", all);
  all();
}
