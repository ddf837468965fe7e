// Before the first paint: the saved colours, or else those of the device.
const saved = (() => {
  try {
    return localStorage.getItem("mim.theme");
  } catch {
    return null;
  }
})();
const dark = saved ? saved === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
document.documentElement.classList.add("js");
