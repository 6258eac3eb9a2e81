// Keeps the word being said in view, until the reader scrolls away; a button brings the page back to it.
const OWN_SCROLL = 900; // ms that a scroll of ours may take
const FAR = 2; // windows; farther than that is jumped, not scrolled

export class Follow {
  constructor(cover, button) {
    Object.assign(this, { cover, button, on: true, node: null, ours: 0 });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    addEventListener("scroll", () => this.scrolled(), { passive: true });
    button.addEventListener("click", () => this.resume());
  }

  begin() {
    this.on = true;
    this.button.hidden = true;
  }

  resume() {
    this.begin();
    if (this.node) this.show(this.node);
  }

  scrolled() {
    if (!this.on || !this.node || performance.now() < this.ours || this.isVisible(this.node)) return;
    this.on = false;
    this.button.hidden = false;
  }

  to(node) {
    this.node = node;
    if (this.on && !this.isSteady(node)) this.show(node);
  }

  show(node) {
    const { top } = node.getBoundingClientRect();
    const covered = this.covered();
    const by = top - covered - (innerHeight - covered) * 0.25;
    const jump = this.calm.matches || Math.abs(by) > FAR * innerHeight;
    this.ours = performance.now() + OWN_SCROLL;
    scrollBy({ top: by, behavior: jump ? "instant" : "smooth" });
  }

  covered() { return Math.max(0, this.cover.getBoundingClientRect().bottom); }

  isVisible(node) {
    const { top, bottom } = node.getBoundingClientRect();
    return bottom > this.covered() && top < innerHeight;
  }

  // In the upper part of the window, so that the reader sees what comes next.
  isSteady(node) {
    const { top, bottom } = node.getBoundingClientRect();
    const covered = this.covered();
    return performance.now() < this.ours || (top > covered + 8 && bottom < covered + (innerHeight - covered) * 0.7);
  }
}
