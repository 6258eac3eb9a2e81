// Buttons that play one moment of a recording: data-clip (address), data-from and data-until (seconds). One at a time.
const AROUND = 1.5; // seconds before and after
const audio = new Audio();
let button = null;

function stop() {
  audio.pause();
  if (button) { button.textContent = "▶"; button.removeAttribute("aria-pressed"); }
  button = null;
}

function start(clicked) {
  stop();
  button = clicked;
  button.textContent = "■";
  button.setAttribute("aria-pressed", "true");
  const from = Math.max(0, Number(button.dataset.from) - AROUND);
  if (audio.getAttribute("src") !== button.dataset.clip) audio.src = button.dataset.clip;
  audio.currentTime = from;
  audio.play().catch((error) => { if (error.name !== "AbortError") { stop(); throw error; } }); // a stop came before the sound
}

audio.addEventListener("timeupdate", () => { if (button && audio.currentTime > Number(button.dataset.until) + AROUND) stop(); });
audio.addEventListener("ended", stop);
document.addEventListener("click", (event) => {
  const clicked = event.target.closest("[data-clip]");
  if (clicked) clicked === button ? stop() : start(clicked);
});
