// Opens the form below a turn in which its words and their speaker are set right.
export async function correct(turn, base) {
  if (turn.querySelector(".correct")) { cancel(turn); return; }
  const words = turn.querySelector("[data-times]");
  const [first, last] = chosen(words);
  await htmx.ajax("GET", base.replace(/0\/$/, `${turn.id.split("-")[1]}/`), { target: words, swap: "afterend" });
  const form = turn.querySelector(".correct");
  if (last >= 0) {
    form.querySelector("[name=first]").value = first;
    form.querySelector("[name=last]").value = last;
    form.querySelector("[name=first]").focus();
  } else form.querySelector("textarea").focus();
}

export function cancel(turn) {
  turn.querySelector(".correct").remove();
  turn.querySelector("[data-tool=correct]").focus();
}

// Positions of the first and last word that the reader has selected in a turn; -1 if none is.
function chosen(words) {
  const selection = getSelection();
  const inside = [...words.children].map((word) => !selection.isCollapsed && selection.containsNode(word, true));
  return [inside.indexOf(true), inside.lastIndexOf(true)];
}
