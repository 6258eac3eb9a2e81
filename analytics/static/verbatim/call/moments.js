// Plays moments one after another, each with some seconds around it.
export const AROUND = 3;

// What to play for each moment: [from, to]. Where neighbours meet, the time between them is shared, so nothing plays twice.
export function stretches(moments, duration, around = AROUND) {
  const played = moments.map(({ start, end }) => [Math.max(0, start - around), Math.min(duration, end + around)]);
  for (let i = 1; i < played.length; i += 1) {
    if (played[i - 1][1] <= played[i][0]) continue;
    const between = Math.max((moments[i - 1].end + moments[i].start) / 2, played[i - 1][0]);
    played[i - 1][1] = played[i][0] = between;
  }
  return played;
}

export class Moments {
  constructor(player, bar) {
    Object.assign(this, { player, bar, list: [], place: -1 });
    player.addEventListener("time", () => this.check());
    bar.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => this.step(Number(button.dataset.step))));
    bar.querySelector("[data-stop]").addEventListener("click", () => { this.stop(); player.pause(); });
  }

  get active() { return this.place >= 0; }

  // `links` carry data-seek and data-until; `name` is of what they are moments.
  start(name, links, first = 0) {
    this.stop();
    const moments = links.map(({ dataset }) => ({ start: Number(dataset.seek), end: Number(dataset.until) }));
    const parts = stretches(moments, this.player.duration);
    this.name = name;
    this.list = links.map((link, i) => ({ link, from: parts[i][0], to: parts[i][1] }));
    this.go(first);
    this.player.play();
  }

  step(by) {
    if (!this.active) return;
    this.go(Math.min(Math.max(0, this.place + by), this.list.length - 1));
    this.player.play();
  }

  stop() {
    this.mark(false);
    this.place = -1;
    this.bar.hidden = true;
  }

  check() {
    if (!this.active || this.player.time < this.list[this.place].to) return;
    const next = this.place + 1;
    if (next < this.list.length) this.go(next);
    else { this.stop(); this.player.pause(); }
  }

  go(place) {
    this.mark(false);
    this.place = place;
    this.mark(true);
    const { link, from } = this.list[place];
    this.bar.hidden = false;
    this.bar.querySelector("[data-of]").textContent = interpolate(gettext("%s of %s"), [place + 1, this.list.length]);
    this.bar.querySelector("[data-what]").textContent = `${this.name}: ${link.textContent.trim()}`;
    if (Math.abs(this.player.time - from) > 0.3) this.player.seek(from);
  }

  mark(on) {
    const link = this.list[this.place]?.link;
    if (on) { link.setAttribute("aria-current", "true"); link.parentNode.parentNode.scrollTop = link.offsetTop - link.parentNode.parentNode.offsetTop - 40; }
    else link?.removeAttribute("aria-current");
  }
}
