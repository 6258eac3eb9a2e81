// The call page: one audio element, driven by the strip, the transcript, the numbers and the keyboard.
import { Strip, clock } from "./strip.js";

const BEFORE = 0.4; // seconds of lead-in before a moment
const JUMP = 5;
const HANDS_OFF = 4000; // ms after scrolling by hand in which the page does not follow the voice

const player = document.querySelector("[data-player]");
const audio = player.querySelector("[data-audio]");
const canvas = player.querySelector("[data-strip]");
const scene = JSON.parse(document.getElementById("scene").textContent);
const strip = new Strip(canvas, scene);
const words = [...document.querySelectorAll(".transcript [data-start]")]
  .map((node) => ({ node, start: Number(node.dataset.start), end: Number(node.dataset.end) }))
  .sort((a, b) => a.start - b.start);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let lit = null;
let queue = []; // moments still to play
let until = Infinity; // where the moment being played ends
let scrolled = 0;

audio.controls = false;

function seek(time) {
  audio.currentTime = Math.min(Math.max(0, time), scene.duration);
  show();
}

function play() {
  audio.play().catch((error) => { if (error.name !== "AbortError") throw error; }); // a pause came before the sound
}

function playFrom(time, end = Infinity) {
  until = end;
  seek(time);
  play();
}

function playNext() {
  const moment = queue.shift();
  if (moment) playFrom(moment.start - BEFORE, moment.end + BEFORE);
  else { until = Infinity; audio.pause(); }
}

function show() {
  const now = audio.currentTime;
  player.querySelector("[data-now]").textContent = clock(now);
  canvas.setAttribute("aria-valuenow", Math.round(now));
  canvas.setAttribute("aria-valuetext", clock(now));
  strip.moveTo(now);
  light(now);
}

function light(now) {
  const word = wordAt(now);
  if (word?.node === lit) return;
  lit?.classList.remove("said");
  lit = word?.node ?? null;
  lit?.classList.add("said");
  if (lit && !audio.paused) follow(lit);
}

function wordAt(now) {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].start <= now) low = middle + 1;
    else high = middle;
  }
  return words.slice(Math.max(0, low - 4), low).reverse().find((word) => now < word.end);
}

function follow(node) {
  const { top, bottom } = node.getBoundingClientRect();
  const covered = player.getBoundingClientRect().bottom;
  if (performance.now() - scrolled < HANDS_OFF || (top > covered && bottom < innerHeight - 80)) return;
  scrollTo({ top: scrollY + top - covered - 60, behavior: calm.matches ? "auto" : "smooth" });
}

function tick() {
  if (audio.currentTime >= until) playNext();
  show();
  if (!audio.paused) requestAnimationFrame(tick);
}

function jump(direction) {
  const now = audio.currentTime;
  const marks = scene.marks.filter((mark) => !strip.hidden.has(mark.type));
  const next = direction > 0
    ? marks.find((mark) => mark.start - BEFORE > now + 0.1)
    : marks.findLast((mark) => mark.start - BEFORE < now - 1);
  if (next) { until = Infinity; queue = []; seek(next.start - BEFORE); }
}

function toggle() {
  until = Infinity;
  queue = [];
  if (audio.paused) play();
  else audio.pause();
}

audio.addEventListener("play", () => { player.classList.add("playing"); setLabel("Pause"); tick(); });
audio.addEventListener("pause", () => { player.classList.remove("playing"); setLabel("Play"); });
audio.addEventListener("seeked", show);
const setLabel = (text) => player.querySelector("[data-play]").setAttribute("aria-label", text);

player.querySelector("[data-play]").addEventListener("click", toggle);
player.querySelector("[data-speed]").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
player.querySelectorAll("[data-jump]").forEach((button) => button.addEventListener("click", () => jump(Number(button.dataset.jump))));
player.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => strip.zoom(Number(button.dataset.zoom))));
player.querySelectorAll("[data-layer]").forEach((box) => box.addEventListener("change", () => strip.toggle(box.dataset.layer, box.checked)));

document.addEventListener("click", (event) => {
  const word = event.target.closest(".transcript [data-start]");
  if (word && !getSelection().toString()) { queue = []; playFrom(Number(word.dataset.start)); }
  const link = event.target.closest("[data-seek]");
  if (link && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    queue = [];
    const end = link.dataset.until ? Number(link.dataset.until) + BEFORE : Infinity;
    playFrom(Number(link.dataset.seek) - BEFORE, end);
  }
  const all = event.target.closest("[data-play-all]");
  if (all) {
    queue = [...all.parentNode.querySelectorAll("[data-until]")]
      .map(({ dataset }) => ({ start: Number(dataset.seek), end: Number(dataset.until) }));
    playNext();
  }
});

// The strip: drag to seek, pinch or ctrl and wheel to zoom, sideways wheel to pan.
const fingers = new Map();
const at = (event) => event.clientX - canvas.getBoundingClientRect().left;
const gap = () => { const [a, b] = [...fingers.values()]; return Math.abs(a - b); };
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, at(event));
  if (fingers.size === 1) { until = Infinity; queue = []; seek(strip.time(at(event))); }
});
canvas.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) return;
  const before = fingers.size === 2 ? gap() : 0;
  fingers.set(event.pointerId, at(event));
  if (fingers.size === 2) strip.zoom(before / Math.max(gap(), 1), strip.time(at(event)));
  else seek(strip.time(at(event)));
});
for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => fingers.delete(event.pointerId));
canvas.addEventListener("wheel", (event) => {
  if (event.ctrlKey || event.metaKey) strip.zoom(2 ** (event.deltaY / 200), strip.time(at(event)));
  else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) strip.pan((event.deltaX / strip.width) * (strip.to - strip.from));
  else return;
  event.preventDefault();
}, { passive: false });

const keys = {
  " ": toggle, k: () => audio.pause(), j: () => seek(audio.currentTime - JUMP), l: () => seek(audio.currentTime + JUMP),
  "[": () => jump(-1), "]": () => jump(1),
};
const sliderKeys = { ArrowLeft: () => seek(audio.currentTime - JUMP), ArrowRight: () => seek(audio.currentTime + JUMP), Home: () => seek(0), End: () => seek(scene.duration) };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === " " && event.target.closest("button, a, summary, input")) return;
  const action = (event.target === canvas && sliderKeys[event.key]) || keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) { event.preventDefault(); action(); }
});
for (const kind of ["wheel", "touchmove"]) addEventListener(kind, () => { scrolled = performance.now(); }, { passive: true });
document.addEventListener("verbatim:theme", () => strip.redraw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => strip.redraw());

const wanted = Number(new URLSearchParams(location.search).get("t"));
if (wanted > 0) {
  seek(wanted);
  const word = words.findLast((each) => each.start <= wanted + 0.05);
  if (word) scrollTo({ top: scrollY + word.node.getBoundingClientRect().top - 320 });
  if (word) light((word.start + word.end) / 2);
}
else document.querySelector(".turn.hit")?.scrollIntoView({ block: "center" });
show();
