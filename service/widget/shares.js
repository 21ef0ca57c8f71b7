/** Shares of people on a statement: a bar with its range, and the same in figures. */

import { h, written } from "./elements.js";
import { mark } from "./map.js";
import { VOTES, sign } from "./voting.js";

const SAID = { agree: "ofAgree", disagree: "ofDisagree", pass: "ofPass" };

/** Return a statement in quotation marks or, as a paragraph, without. */
export function quoted(part, statement, name = "q") {
  const shown = part.translated(statement);
  return written(name, shown.text, shown.language, { class: "quoted" });
}

/** Return one bar for each group, or for everybody. */
export function bars(part, shares, direction) {
  const { words, words: { t } } = part;
  return h("ul", { class: "bars" }, shares.map((one) => {
    const bar = h("span", { class: "bar wide", "aria-hidden": "true" }, h("span"), h("i"));
    bar.firstChild.style.width = `${100 * one.share}%`;
    bar.lastChild.style.insetInlineStart = `${100 * one.low}%`;
    bar.lastChild.style.width = `${100 * (one.high - one.low)}%`;
    return h("li", { "data-group": one.group },
      one.group && h("span", { class: "named" }, mark(one.group), h("span", { class: "unseen" }, t("group", { letter: one.group })),
        h("span", { "aria-hidden": "true" }, one.group)),
      bar, h("span", { class: "figure" }, t(SAID[direction], { share: words.share(one) }), " ", h("span", { class: "muted" }, `n\u00a0=\u00a0${words.number(one.n_seen)}`)));
  }));
}

/** Return what one voted oneself. */
export function ownVote(part, vote) {
  if (vote === undefined) return null;
  const { t } = part.words;
  const name = t(VOTES.find(([value]) => value === vote)[1]);
  return h("p", { class: "muted own-vote" }, sign(vote), t("ownVote", { vote: name.toLocaleLowerCase(part.words.language) }));
}
