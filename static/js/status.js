// Public status pages: times in the reader's own zone, and the time to the next promised update. Nothing else.
const place = document.documentElement;
const zone = -new Date().getTimezoneOffset();
const sign = zone < 0 ? "-" : "+";
const hours = Math.floor(Math.abs(zone) / 60);
const minutes = Math.abs(zone) % 60;
const offset = `UTC${sign}${hours}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}`;
const two = { hour: "2-digit", minute: "2-digit", hour12: false };

document.querySelectorAll("time[data-local]").forEach((time) => {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const clock = at.toLocaleTimeString("en-GB", two);
  const day = at.toLocaleDateString(place.lang || "en-GB", { weekday: "short", day: "numeric", month: "short" }).replace(/^(\w+) /, "$1 ");
  time.textContent = time.dataset.local === "date" ? `${day}, ${clock} (${offset})` : `${clock} (${offset})`;
});

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

place.classList.add("js");
tick();
setInterval(tick, 15_000);
