// Comments at a moment: where a new one will be, their marks on the strip and beside the turns.
import { clock } from "./clock.js";

export class Comments {
  constructor({ player, strip, transcript }) {
    Object.assign(this, { player, strip, transcript });
    player.addEventListener("time", () => this.follow());
    document.addEventListener("htmx:afterSettle", ({ target }) => { if (target.id === "comments") this.mark(); });
    this.mark();
  }

  get form() { return document.querySelector(".comment-form"); }

  // A comment that is being written stays where it was begun.
  follow() {
    const { text } = this.form.elements;
    if (!text.value && document.activeElement !== text) this.place(this.player.time);
  }

  place(time) {
    const words = clock(time);
    const label = this.form.querySelector("[data-at]");
    this.form.elements.at_s.value = time.toFixed(2);
    if (label.textContent !== words) label.textContent = words;
  }

  write(time) {
    this.place(time);
    this.form.elements.text.focus();
  }

  mark() {
    document.querySelectorAll(".turn .noted").forEach((link) => link.remove());
    const found = [...document.querySelectorAll("[data-comment]")];
    for (const turn of new Set(found.map((item) => this.turnOf(item)))) if (turn) this.link(turn, found.filter((item) => this.turnOf(item) === turn));
    this.strip.comments = found.map((item) => {
      const start = Number(item.dataset.comment);
      return { type: "comment", start, end: start, label: item.querySelector(".comment-text").textContent, by: item.querySelector("b").textContent };
    });
    this.strip.redraw();
    this.follow();
  }

  turnOf(item) {
    const word = this.transcript.before(Number(item.dataset.comment) + 0.01);
    return word && this.transcript.turnOf(word);
  }

  link(turn, items) {
    const words = interpolate(ngettext("%s comment", "%s comments", items.length), [items.length]);
    const link = Object.assign(document.createElement("a"), { className: "noted", href: `#${items[0].id}`, textContent: words });
    turn.querySelector("header").append(" ", link);
  }
}
