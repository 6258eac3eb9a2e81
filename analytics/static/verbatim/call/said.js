// What the scene of a call says in English, in the reader's language; names and words of the call stay as they are.
const SAID = {
  silence: gettext("silence"), interruption: gettext("interruption"), filler: gettext("filler"), sentiment: gettext("sentiment"),
  hit: gettext("found"), comment: gettext("comment"), positive: gettext("positive"), negative: gettext("negative"),
  "floor taken": gettext("floor taken"), "floor kept": gettext("floor kept"),
  "after agent": gettext("after agent"), "after customer": gettext("after customer"),
  agent: gettext("Agent"), customer: gettext("Customer"),
};
export const said = (words) => SAID[words] ?? words;
export const by = (who) => who && interpolate(gettext("by %(who)s"), { who: said(who) }, true);
