// The call page: one player, driven by the strip, the transcript, the numbers and the keyboard.
import { clock } from "./clock.js";
import { Comments } from "./comments.js";
import { cancel, correct } from "./correct.js";
import { Follow } from "./follow.js";
import { keyboard } from "./keys.js";
import { Moments } from "./moments.js";
import { Player } from "./player.js";
import { seekbar } from "./seekbar.js";
import { Strip } from "./strip.js";
import { Transcript } from "./transcript.js";

const BEFORE = 0.4; // seconds of lead-in before an event
const BACK = 5;

const bar = document.querySelector("[data-player]");
const find = (name) => bar.querySelector(`[data-${name}]`);
const stored = () => JSON.parse(document.getElementById("scene").textContent);

const player = new Player(find("audio"), stored().duration);
const transcript = new Transcript(document.querySelector(".transcript"), document.getElementById("turn-tools"));
const strip = new Strip(find("strip"), stored());
const follow = new Follow(bar, document.querySelector("[data-follow]"));
const moments = new Moments(player, find("moments"));
const comments = new Comments({ player, strip, transcript });
const showPlace = seekbar(strip, { seek: (time) => { moments.stop(); goTo(time); }, time: () => player.time, speaking });

function speaking(time) {
  const word = transcript.at(time);
  return word ? transcript.turnOf(word).querySelector("b").textContent : "";
}

function goTo(time) {
  follow.begin();
  player.seek(time);
}

function playFrom(time) {
  moments.stop();
  goTo(time);
  player.play();
}

function toggle() {
  if (player.paused) follow.resume();
  player.toggle();
}

function jump(direction) {
  if (moments.active) { moments.step(direction); return; }
  const marks = strip.shownMarks();
  const now = player.time;
  const next = direction > 0
    ? marks.find((mark) => mark.start - BEFORE > now + 0.1)
    : marks.findLast((mark) => mark.start - BEFORE < now - 1);
  if (next) goTo(next.start - BEFORE);
}

// The moments of a tile, from one of its links on.
function playMoments(tile, first) {
  const links = [...tile.querySelectorAll("[data-until]")];
  follow.begin();
  moments.start(tile.querySelector(".tile-name").textContent, links, Math.max(0, links.indexOf(first)));
}

player.addEventListener("time", () => {
  find("now").textContent = clock(player.time);
  showPlace();
  const node = transcript.light(player.time);
  if (node && !player.paused) follow.to(node);
});
player.addEventListener("state", () => {
  bar.classList.toggle("playing", !player.paused);
  find("play").setAttribute("aria-label", player.paused ? gettext("Play") : gettext("Pause"));
  find("play").disabled = player.broken;
  find("silent").hidden = !player.broken;
  find("speed").value = String(player.speed);
});

find("play").addEventListener("click", toggle);
find("speed").addEventListener("change", ({ target }) => player.choose(Number(target.value)));
bar.querySelectorAll("[data-jump]").forEach((button) => button.addEventListener("click", () => jump(Number(button.dataset.jump))));
bar.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => strip.zoom(Number(button.dataset.zoom))));
bar.querySelectorAll("[name=layer]").forEach((box) => {
  const apply = () => strip.toggle(box.value, box.checked);
  box.addEventListener("change", apply);
  apply();
});
find("help").addEventListener("click", () => help.showModal());

const tools = {
  comment: (turn) => comments.write(transcript.startOf(turn)),
  correct: (turn, button) => correct(turn, button.dataset.base),
  cancel,
};
document.addEventListener("click", (event) => {
  const word = getSelection().isCollapsed && transcript.under(event);
  if (word) { playFrom(word.start); return; }
  const tool = event.target.closest("[data-tool]");
  if (tool) { tools[tool.dataset.tool](tool.closest(".turn"), tool); return; }
  const all = event.target.closest("[data-play-all]");
  if (all) { playMoments(all.closest("details")); return; }
  const link = event.target.closest("[data-seek]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const tile = link.closest("details.call-tile");
  if (tile) playMoments(tile, link);
  else playFrom(Number(link.dataset.seek) - BEFORE);
});

const help = document.querySelector("[data-keys]");
keyboard({
  " ": toggle,
  k: () => { player.pause(); player.steady(); },
  j: () => goTo(player.time - BACK),
  l: () => { if (player.paused) toggle(); else player.faster(); },
  "[": () => jump(-1),
  "]": () => jump(1),
  c: () => comments.write(player.time),
  f: () => follow.resume(),
  "?": () => help.showModal(),
}, help);

document.addEventListener("verbatim:theme", () => strip.redraw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => strip.redraw());
document.addEventListener("htmx:afterSettle", ({ target }) => { if (target.id === "numbers") strip.use(stored()); });
new ResizeObserver(() => document.documentElement.style.setProperty("--player", `${bar.offsetHeight}px`)).observe(bar);

// ?t=75.3 opens the call at that moment; otherwise at the first turn that was searched for.
const wanted = Number(new URLSearchParams(location.search).get("t"));
const cued = wanted > 0 ? transcript.before(wanted + 0.05) : null;
if (wanted > 0) player.seek(wanted);
if (cued) {
  transcript.turnOf(cued).classList.add("cued");
  follow.show(transcript.element(cued));
} else document.querySelector(".turn.hit")?.scrollIntoView({ block: "center" });
player.tell("time");
player.tell("state");
