// The keyboard keeps its place: when htmx replaces what had the focus, what is like it there gets it, else the part itself.
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
const words = (element) => (element.getAttribute("aria-label") ?? element.textContent).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const alike = (one, other) => one.tagName === other.tagName && one.name === other.name && words(one) === words(other);

let lost = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { activeElement } = document;
  if (detail.shouldSwap && detail.target.contains(activeElement) && activeElement !== detail.target) lost = { element: activeElement, id: detail.target.id };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!lost || lost.element.isConnected) { lost = null; return; }
  const part = document.getElementById(lost.id) ?? document.querySelector("main");
  const found = [...part.querySelectorAll(FOCUSABLE)].find((element) => alike(element, lost.element)) ?? part;
  lost = null;
  if (document.activeElement !== document.body) return; // the page, or htmx by an id, has put it somewhere
  if (found === part) part.tabIndex = -1;
  found.focus({ preventScroll: true });
});

// Menus close as menus do: with Escape, or with a click outside.
const close = (menu, back) => { menu.open = false; if (back) menu.querySelector("summary").focus(); };

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (menu) close(menu, true);
});
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) close(menu, false);
});
