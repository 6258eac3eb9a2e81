// The words of the transcript and when they are said. A turn comes as plain text with the times of its words in one
// attribute; its words become elements when it comes near the window, so that a call of two hours stays light.
const NEAR = "600px"; // around the window
const LOOK_BACK = 4; // words of the two parties may overlap: so many may have begun after the one being said

export class Transcript {
  constructor(root, tools) {
    this.tools = tools;
    this.parts = [...root.querySelectorAll("[data-times]")];
    this.read();
    this.lit = null;
    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) { this.open(target); seen.unobserve(target); }
    }, { rootMargin: NEAR });
    this.parts.forEach((part) => seen.observe(part));
  }

  read() {
    const said = [];
    this.parts.forEach((part, turn) => {
      const numbers = part.dataset.times.split(" ");
      let start = 0; // hundredths of a second, each after the one before
      for (let i = 0; i < numbers.length - 1; i += 2) {
        start += Number(numbers[i]);
        said.push({ start: start / 100, end: (start + Number(numbers[i + 1])) / 100, turn, place: i / 2 });
      }
    });
    this.words = said.sort((a, b) => a.start - b.start);
  }

  // Every word becomes an element; marked ones (fillers, hits) already are.
  open(part) {
    if (part.dataset.open) return;
    part.dataset.open = "yes";
    const whole = document.createDocumentFragment();
    for (const node of [...part.childNodes]) {
      if (node.nodeType === Node.ELEMENT_NODE) { whole.append(node); continue; }
      for (const piece of node.data.split(/( )/)) {
        if (piece === " ") whole.append(piece);
        else if (piece) whole.append(Object.assign(document.createElement("span"), { textContent: piece }));
      }
    }
    part.replaceChildren(whole);
    part.closest(".turn").append(this.tools.content.cloneNode(true));
  }

  element(word) {
    const part = this.parts[word.turn];
    this.open(part);
    return part.children[word.place];
  }

  at(time) {
    const after = this.after(time);
    for (let i = after - 1; i >= Math.max(0, after - LOOK_BACK); i -= 1) if (time < this.words[i].end) return this.words[i];
    return null;
  }

  before(time) { return this.words[this.after(time) - 1] ?? null; }

  // The number of words that begin at `time` or earlier.
  after(time) {
    let [low, high] = [0, this.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Lights the word being said; the element if that is another one than before.
  light(time) {
    const word = this.at(time);
    if (word === this.word) return null;
    this.lit?.classList.remove("said");
    this.word = word;
    this.lit = word && this.element(word);
    this.lit?.classList.add("said");
    return this.lit;
  }

  // The word under an event, if it is on one.
  under(event) {
    const node = event.target.closest("[data-times] > *");
    if (!node) return null;
    const turn = this.parts.indexOf(node.parentNode);
    const place = [...node.parentNode.children].indexOf(node);
    return this.words.find((word) => word.turn === turn && word.place === place) ?? null;
  }

  startOf(turn) { return this.words.find((word) => word.turn === this.parts.indexOf(turn.querySelector("[data-times]"))).start; }
  turnOf(word) { return this.parts[word.turn].closest(".turn"); }
}
