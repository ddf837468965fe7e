// On a phone the jump links of a group show one panel at a time; wider, everything stands side by side.
function choose(tabs, id) {
  [...tabs.querySelectorAll("a")].forEach((tab) => {
    const panel = document.getElementById(tab.hash.slice(1));
    const chosen = tab.hash === `#${id}`;
    if (chosen) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    panel?.classList.toggle("is-tab", true);
    panel?.classList.toggle("is-other-tab", !chosen);
  });
}

// The chosen panel begins below what stays on top, wherever the last one was left.
function show(panel, tabs) {
  const top = panel?.getBoundingClientRect().top ?? 0;
  if (top < tabs.getBoundingClientRect().bottom - 2) panel?.scrollIntoView({ block: "start" });
}

export function start() {
  document.querySelectorAll("[data-tabs]").forEach((tabs) => {
    const ids = [...tabs.querySelectorAll("a")].map((tab) => tab.hash.slice(1));
    if (!ids.length) return;
    const wanted = location.hash.slice(1);
    choose(tabs, ids.includes(wanted) ? wanted : ids[0]);
    document.documentElement.classList.add("has-tabs");
    tabs.addEventListener("click", (event) => {
      const tab = event.target.closest("a");
      if (!tab) return;
      event.preventDefault();
      choose(tabs, tab.hash.slice(1));
      history.replaceState(null, "", tab.hash);
      show(document.getElementById(tab.hash.slice(1)), tabs);
    });
    // A link from elsewhere on the page to one of the panels, and to the field in it.
    document.addEventListener("click", (event) => {
      const { openTab, focus } = event.target.closest("[data-open-tab]")?.dataset ?? {};
      if (!ids.includes(openTab)) return;
      event.preventDefault();
      choose(tabs, openTab);
      show(document.getElementById(openTab), tabs);
      document.getElementById(focus)?.focus();
    });
  });
}
