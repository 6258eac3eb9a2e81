// What every page needs: the theme toggle, rows that are links, filters that apply when changed.
import "./charts.js";
import "./focus.js";

const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches);

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  const label = () => { button.textContent = isDark() ? gettext("Light") : gettext("Dark"); };
  button.hidden = false;
  label();
  systemIsDark.addEventListener("change", label);
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
    label();
    document.dispatchEvent(new Event("verbatim:theme"));
  });
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary") || getSelection().toString()) return;
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, "_blank");
  else location.href = row.dataset.href;
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-apply]")?.requestSubmit();
});

// A filter without a value stays out of the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData.entries()]) if (value === "") detail.formData.delete(name);
});
