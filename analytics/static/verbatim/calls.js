// Ticked calls: the box in the header ticks the page, and a line says how many there are.
const boxes = () => [...document.querySelectorAll('td.pick input[name="calls"]')];
const page = () => document.querySelector("[data-tick-page]");

function show() {
  const chosen = document.getElementById("chosen");
  if (!chosen) return;
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const whole = chosen.querySelector("[data-every]")?.checked ?? false;
  page().hidden = false;
  page().checked = ticked === all.length;
  page().indeterminate = ticked > 0 && ticked < all.length;
  chosen.classList.toggle("some", whole || ticked > 0);
  chosen.querySelector("[data-ticked]").textContent = whole ? gettext("Ticked:") : ticked ? interpolate(ngettext("%s call ticked", "%s calls ticked", ticked), [ticked]) : gettext("No calls ticked");
  for (const button of chosen.querySelectorAll("button")) button.disabled = !whole && ticked === 0;
}

document.addEventListener("change", ({ target }) => {
  if (target === page()) for (const box of boxes()) box.checked = target.checked;
  if (target.closest(".pick, #chosen")) show();
});
document.addEventListener("htmx:afterSettle", show);
addEventListener("pageshow", show);
