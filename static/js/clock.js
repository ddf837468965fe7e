// The server's clock: a phone whose own is wrong still counts down rightly.
const stamp = document.body?.dataset.serverNow;
const offset = stamp ? Date.parse(stamp) - Date.now() : 0;

export function now() {
  return Date.now() + offset;
}

// "45 s", "12 min", "1 h 24 min", "3 d 2 h": as mim_portal.lib.times.duration writes them.
export function duration(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}

// "06:12" below an hour, then as a duration.
export function remaining(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds >= 3600) return duration(milliseconds);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

// The viewer's zone is the one of their profile, which the server writes; without it, the device's.
function zone(at) {
  const [, sign, hours, minutes = "0"] = document.body?.dataset.zone?.match(/UTC([+-])(\d+)(?::(\d+))?/) ?? [];
  return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : -new Date(at).getTimezoneOffset();
}

// "2026-11-23T14:30:11" in the viewer's zone, or so many minutes ahead of UTC.
export function local(at, ahead = zone(at)) {
  return new Date(at + ahead * 60_000).toISOString().slice(0, 19);
}

// "14:30 (UTC+0)"; with seconds "14:30:11", for what has just happened before one's eyes.
export function timeOfDay(at, seconds = false) {
  if (seconds) return local(at).slice(11);
  const minutes = zone(at);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${local(at).slice(11, 16)} (UTC${minutes < 0 ? "-" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""})`;
}
