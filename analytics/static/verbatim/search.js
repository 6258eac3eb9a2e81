// "/" goes to the search: the page's own, or the one beside the navigation.
const field = () => document.querySelector("#id_q") ?? document.querySelector("[data-search]");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
  const found = field();
  if (!found?.checkVisibility()) return;
  event.preventDefault();
  found.focus();
  found.select();
});
