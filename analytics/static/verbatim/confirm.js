// The confirm list: listen to the opening of a call, one at a time; when a call leaves the list, go on with the next.
import { Player } from "./call/player.js";

const list = document.querySelector("[data-confirm-list]");

if (list) {
  const audio = document.querySelector("[data-opening]");
  const player = new Player(audio, Infinity);
  let pressed = null; // the button whose call is heard
  let until = Infinity;

  const release = () => { pressed?.setAttribute("aria-pressed", "false"); pressed = null; };

  const listen = (button) => {
    if (pressed === button) { player.pause(); return; }
    release();
    pressed = button;
    button.setAttribute("aria-pressed", "true");
    until = Number(button.dataset.until);
    audio.src = `${button.dataset.play}#t=${button.dataset.from}`;
    player.play();
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-play]");
    if (button) listen(button);
  });
  player.addEventListener("time", () => { if (player.time >= until) player.pause(); });
  audio.addEventListener("pause", release);
  audio.addEventListener("ended", release);

  new MutationObserver(([change]) => {
    if (pressed && !pressed.isConnected) player.pause();
    if (!list.children.length) { location.reload(); return; }
    let next = change.nextSibling;
    while (next && next.nodeType !== Node.ELEMENT_NODE) next = next.nextSibling;
    document.querySelector("[data-said]").textContent = interpolate(gettext("Saved. %s left on this page."), [list.children.length]);
    (next ?? list.lastElementChild).querySelector("[data-right]").focus();
  }).observe(list, { childList: true });
}
