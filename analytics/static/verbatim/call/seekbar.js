// The strip as a slider: drag to seek, wheel or pinch to zoom, sideways wheel to move along, arrow keys.
import { clock } from "./clock.js";

const SMALL = 5;
const LARGE = 30;

export function seekbar(strip, { seek, time, speaking }) {
  const { canvas } = strip;
  const fingers = new Map();
  const at = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const gap = () => { const [a, b] = [...fingers.values()]; return Math.abs(a - b); };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 1) seek(strip.time(at(event)));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) { canvas.title = strip.under(at(event), event.offsetY); return; }
    const before = fingers.size === 2 ? gap() : 0;
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 2) strip.zoom(before / Math.max(gap(), 1), strip.time(at(event)));
    else seek(strip.time(at(event)));
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => fingers.delete(event.pointerId));

  canvas.addEventListener("wheel", (event) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!sideways && event.deltaY > 0 && strip.isWhole && !event.ctrlKey) return; // nothing to zoom out: the page scrolls
    event.preventDefault();
    if (sideways) strip.pan((event.deltaX / strip.width) * (strip.to - strip.from));
    else strip.zoom(2 ** (event.deltaY / 300), strip.time(at(event)));
  }, { passive: false });

  const keys = {
    ArrowLeft: () => time() - SMALL, ArrowRight: () => time() + SMALL, ArrowDown: () => time() - SMALL, ArrowUp: () => time() + SMALL,
    PageDown: () => time() - LARGE, PageUp: () => time() + LARGE, Home: () => 0, End: () => strip.scene.duration,
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "-") strip.zoom(event.key === "+" ? 0.5 : 2);
    else if (keys[event.key]) seek(keys[event.key]());
    else return;
    event.preventDefault();
  });

  return () => {
    const now = time();
    strip.moveTo(now);
    canvas.setAttribute("aria-valuenow", Math.round(now));
    canvas.setAttribute("aria-valuetext", [interpolate(gettext("%s of %s"), [clock(now), clock(strip.scene.duration)]), speaking(now)].filter(Boolean).join(", "));
  };
}
