// The sound of the call. Tells "time" whenever the position moves and "state" when it starts, stops or changes speed.
// Without sound the position can still be moved, so that the strip and the transcript stay of use.
const FASTER = [1, 1.5, 2, 3];

export class Player extends EventTarget {
  constructor(audio, duration) {
    super();
    Object.assign(this, { audio, duration, broken: Boolean(audio.error), place: 0, chosen: 1 });
    audio.controls = false;
    audio.addEventListener("play", () => { this.tell("state"); this.tick(); });
    audio.addEventListener("pause", () => this.tell("state"));
    audio.addEventListener("ratechange", () => this.tell("state"));
    audio.addEventListener("error", () => { this.broken = true; this.tell("state"); });
    audio.addEventListener("seeked", () => this.tell("time"));
    audio.addEventListener("timeupdate", () => this.tell("time")); // a tab in the background draws no frames
  }

  get time() { return this.broken ? this.place : this.audio.currentTime; }
  get paused() { return this.audio.paused; }
  get speed() { return this.audio.playbackRate; }

  seek(time) {
    this.place = Math.min(Math.max(0, time), this.duration);
    if (!this.broken) this.audio.currentTime = this.place;
    this.tell("time");
  }

  play() {
    if (this.broken) return;
    this.audio.play().catch((error) => { if (error.name !== "AbortError") throw error; }); // a pause came before the sound
  }

  pause() { this.audio.pause(); }

  toggle() {
    if (this.paused) this.play();
    else this.pause();
  }

  choose(speed) { this.audio.playbackRate = this.chosen = speed; }
  faster() { this.audio.playbackRate = FASTER.find((speed) => speed > this.speed) ?? this.speed; }
  steady() { this.audio.playbackRate = this.chosen; }

  tick() {
    this.tell("time");
    if (!this.paused) requestAnimationFrame(() => this.tick());
  }

  tell(kind) { this.dispatchEvent(new Event(kind)); }
}
