// Runs before the first paint, so a chosen theme does not flash. Without a choice the system decides.
document.documentElement.classList.add("js");
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
