// Draws the strip of a call: two lanes (first party up, second down), rails of marks below, a playhead with its time.
// Every layer can be switched off. A picture is kept until the view, the size or the colours change; only the playhead is drawn at every frame.
import { by, said } from "./said.js";
import { clock } from "./clock.js";

const RAIL = 11;
const AXIS = 16;
const RAILS = ["sentiment", "interruption", "filler", "silence", "hit", "comment"];
const NEAR = 5; // pixels by which the pointer may miss a mark
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

export class Strip {
  constructor(canvas, scene) {
    Object.assign(this, { canvas, scene, from: 0, to: scene.duration || 1, now: 0, hidden: new Set() });
    this.picture = document.createElement("canvas");
    this.comments = [];
    new ResizeObserver(() => this.redraw()).observe(canvas);
  }

  x(time) { return ((time - this.from) / (this.to - this.from)) * this.width; }
  time(x) { return Math.min(this.scene.duration, Math.max(0, this.from + (x / this.width) * (this.to - this.from))); }

  zoom(factor, centre = this.now) {
    const span = Math.min(this.scene.duration, Math.max(2, (this.to - this.from) * factor));
    const share = (centre - this.from) / (this.to - this.from);
    this.show(centre - span * Math.min(1, Math.max(0, share)), span);
  }

  pan(seconds) { this.show(this.from + seconds, this.to - this.from); }

  show(from, span) {
    this.from = Math.min(Math.max(0, from), this.scene.duration - span);
    this.to = this.from + span;
    this.redraw();
  }

  moveTo(now) {
    this.now = now;
    if (now < this.from || now > this.to) this.show(now, this.to - this.from);
    else this.paint();
  }

  get isWhole() { return this.to - this.from >= this.scene.duration; }

  // The marks of the layers that are on, in order of time.
  shownMarks() {
    return [...this.scene.marks, ...this.comments].filter((mark) => !this.hidden.has(mark.type)).sort((a, b) => a.start - b.start);
  }

  use(scene) {
    this.scene = scene;
    this.redraw();
  }

  // What the mark at a point of the canvas says.
  under(x, y) {
    const rail = this.rails?.[Math.floor((y - this.lane * 2) / RAIL)];
    const mark = this.shownMarks().find((each) => each.type === rail && this.x(each.start) - NEAR <= x && x <= Math.max(this.x(each.end), this.x(each.start)) + NEAR);
    return mark ? [clock(mark.start), said(mark.type), said(mark.label), by(mark.by)].filter(Boolean).join(", ") : "";
  }

  toggle(layer, on) {
    this.hidden[on ? "delete" : "add"](layer);
    this.redraw();
  }

  redraw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    const ratio = devicePixelRatio || 1;
    this.marks = this.shownMarks();
    this.rails = RAILS.filter((rail) => this.marks.some((mark) => mark.type === rail));
    this.lane = parseFloat(getComputedStyle(this.canvas).getPropertyValue("--lanes")) / 2;
    const height = this.lane * 2 + this.rails.length * RAIL + AXIS;
    this.canvas.style.height = `${height}px`;
    Object.assign(this, { width, height });
    for (const canvas of [this.canvas, this.picture]) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.colours = readColours(this.canvas);
    const pen = this.picture.getContext("2d");
    pen.clearRect(0, 0, width, height);
    this.drawLanes(pen);
    this.drawMarks(pen);
    this.drawAxis(pen);
    this.paint();
  }

  paint() {
    if (!this.width) return;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.width, this.height);
    pen.drawImage(this.picture, 0, 0, this.width, this.height);
    const x = Math.round(this.x(this.now));
    pen.fillStyle = this.colours.ink;
    pen.fillRect(x - 1, 0, 2, this.height - AXIS);
    this.label(pen, clock(this.now), x);
  }

  label(pen, text, x) {
    pen.font = `600 11px ${this.colours.font}`;
    const width = pen.measureText(text).width + 8;
    const left = Math.min(Math.max(0, x - width / 2), this.width - width);
    pen.fillRect(left, this.height - AXIS, width, AXIS - 1);
    pen.fillStyle = this.colours.paper;
    pen.textAlign = "left";
    pen.fillText(text, left + 4, this.height - 5);
  }

  drawLanes(pen) {
    this.scene.lanes.forEach((lane, i) => this.drawLane(pen, lane, i === 0 ? -1 : 1));
    pen.fillStyle = this.colours.rule;
    pen.fillRect(0, Math.round(this.lane), this.width, 1);
    if (!this.hidden.has("overlap")) this.hatch(pen);
    pen.font = `600 11px ${this.colours.font}`;
    pen.textAlign = "left";
    this.scene.lanes.forEach((lane, i) => {
      const name = said(lane.role || lane.label);
      const y = i === 0 ? 11 : this.lane * 2 - 3;
      pen.strokeStyle = this.colours.paper;
      pen.lineWidth = 4;
      pen.strokeText(name, 2, y);
      pen.fillStyle = this.colours[`${lane.role}Ink`] ?? this.colours.ink;
      pen.fillText(name, 2, y);
    });
  }

  drawLane(pen, lane, side) {
    const { lane: height, width } = this;
    const colour = this.colours[lane.role] ?? this.colours.quiet;
    pen.fillStyle = this.colours[`${lane.role}Wash`] ?? this.colours.wash;
    for (const [start, end] of lane.talk) {
      pen.fillRect(this.x(start), side < 0 ? 0 : height, Math.max(1, this.x(end) - this.x(start)), height);
    }
    pen.fillStyle = colour;
    let stretch = 0;
    for (let x = 0; x < width; x += 2) {
      const [start, end] = [this.time(x), this.time(x + 2)];
      while (stretch < lane.talk.length && lane.talk[stretch][1] < start) stretch += 1;
      if (stretch === lane.talk.length) break;
      if (lane.talk[stretch][0] > end) continue;
      const bar = Math.max(1, loudest(lane.levels, start, end, this.scene.duration) * (height - 3));
      pen.fillRect(x, side < 0 ? height - bar : height, 1.4, bar);
    }
  }

  hatch(pen) {
    pen.strokeStyle = this.colours.ink;
    pen.lineWidth = 1;
    for (const [start, end] of this.scene.overlaps) {
      const [left, right] = [this.x(start), Math.max(this.x(end), this.x(start) + 3)];
      if (right < 0 || left > this.width) continue;
      pen.save();
      pen.beginPath();
      pen.rect(left, 0, right - left, this.lane * 2);
      pen.clip();
      pen.globalAlpha = 0.55;
      pen.beginPath();
      for (let x = left - this.lane * 2; x < right; x += 5) {
        pen.moveTo(x, this.lane * 2);
        pen.lineTo(x + this.lane * 2, 0);
      }
      pen.stroke();
      pen.restore();
    }
  }

  drawMarks(pen) {
    for (const mark of this.marks) {
      const row = this.rails.indexOf(mark.type);
      if (row < 0 || mark.end < this.from || mark.start > this.to) continue;
      const y = this.lane * 2 + row * RAIL + RAIL / 2 + 1;
      this.drawMark(pen, mark, this.x(mark.start), this.x(mark.end), y);
    }
  }

  drawMark(pen, mark, left, right, y) {
    const { colours } = this;
    pen.fillStyle = colours[mark.by] ?? colours.quiet;
    if (mark.type === "silence") {
      pen.fillStyle = colours.quiet;
      pen.fillRect(left, y - 1.5, Math.max(2, right - left), 3);
    } else if (mark.type === "filler") {
      pen.fillRect(left, y - 4, 2, 8);
    } else if (mark.type === "interruption") {
      polygon(pen, [[left, y - 4.5], [left + 4.5, y], [left, y + 4.5], [left - 4.5, y]]);
    } else if (mark.type === "hit") {
      pen.fillStyle = colours.accent;
      pen.fillRect(left - 1, y - 4, Math.max(4, right - left), 8);
    } else if (mark.type === "comment") {
      pen.fillStyle = colours.ink;
      polygon(pen, [[left - 4, y - 4], [left + 5, y - 4], [left + 5, y + 2], [left, y + 2], [left - 3, y + 5], [left - 3, y + 2], [left - 4, y + 2]]);
    } else {
      pen.fillStyle = colours[mark.label];
      const up = mark.label === "positive" ? 4 : -4;
      const x = (left + right) / 2;
      polygon(pen, [[x, y - up], [x + 4.5, y + up], [x - 4.5, y + up]]);
    }
  }

  drawAxis(pen) {
    const step = STEPS.find((s) => (s / (this.to - this.from)) * this.width > 64) ?? 7200;
    pen.font = `11px ${this.colours.font}`;
    pen.fillStyle = this.colours.quiet;
    for (let t = Math.ceil(this.from / step) * step; t <= this.to; t += step) {
      const x = this.x(t);
      pen.textAlign = x < 16 ? "left" : x > this.width - 16 ? "right" : "center";
      pen.fillText(clock(t), x, this.height - 5);
    }
  }
}

function loudest(levels, start, end, duration) {
  const first = Math.floor((start / duration) * levels.length);
  const last = Math.max(first + 1, Math.ceil((end / duration) * levels.length));
  let most = 0;
  for (let i = first; i < Math.min(last, levels.length); i += 1) most = Math.max(most, levels[i]);
  return most;
}

function polygon(pen, points) {
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(x, y));
  pen.fill();
}

// Custom properties hold light-dark(), which only a real element resolves to a colour.
function readColours(canvas) {
  const probe = document.createElement("span");
  canvas.parentNode.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: read("ink"), quiet: read("ink-3"), paper: read("paper"), accent: read("accent"), wash: read("wash"), rule: read("rule-strong"),
    agent: read("agent-fill"), agentInk: read("agent"), agentWash: read("agent-wash"),
    customer: read("customer-fill"), customerInk: read("customer"), customerWash: read("customer-wash"),
    positive: read("positive"), negative: read("negative"), font: getComputedStyle(canvas).fontFamily,
  };
  probe.remove();
  return colours;
}
