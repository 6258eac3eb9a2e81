// The keyboard of the call page. Keys are left alone where they mean something else: in fields and open dialogs.
const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog[open]";
const PRESSES = "button, a, summary, input, [role=slider]";

export function keyboard(actions, dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (event.key === " " && event.target.closest(PRESSES) && !event.target.matches("[role=slider]")) return;
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
