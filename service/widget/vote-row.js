/** A statement in a list, with this person's vote on it, which can be changed or taken back. */

import { button, h, written } from "./elements.js";
import { sheet } from "./style.js";
import { VOTES, sign } from "./voting.js";

const style = sheet(`
.rows { display: grid; gap: 24px; grid-template-columns: minmax(0, 1fr); }
.row { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); max-width: none; }
.row + .row { border-top: 1px solid var(--line); padding-top: 24px; }
.row .actions { gap: 8px; }
.row .votes-small { display: flex; flex-wrap: wrap; gap: 8px; max-width: 28rem; }
.row .votes-small button { flex: 1 1 28%; min-width: min-content; overflow-wrap: normal; padding: 4px; font-size: .88em; display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 0 6px; line-height: 1.25; }
section + section { margin-top: 32px; border-top: 1px solid var(--line); padding-top: 32px; }
section.stack > h3 { margin-bottom: 0; }
textarea, input:not([type=radio]) { width: 100%; padding: 12px; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--paper); }
input.code { max-width: 16rem; font-family: ui-monospace, monospace; letter-spacing: .05em; }
.field { display: grid; gap: 8px; }
label, legend { font-weight: 600; padding: 0; }
.foot label, label.choice { font-weight: 400; }
label.choice { display: flex; gap: 12px; align-items: center; min-height: 44px; }
.choice input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); flex: none; }
.big-code { font: 600 1.6em ui-monospace, monospace; letter-spacing: .05em; }
pre { overflow: auto; max-height: 20rem; padding: 12px; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); font-size: .82em; white-space: pre-wrap; margin: 0; }
`);

/** Dress a view that lists or asks things. */
export function dress(root) {
  if (!root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, style];
}

/** Return one statement with the three votes; `vote` is undefined when there is none. */
export function voteRow(part, statement, vote) {
  const { words: { t }, queue, conversation } = part;
  const shown = part.translated(statement);
  const id = `row-${statement.id}`;
  const row = h("li", { class: "row" });
  const draw = (now) => {
    const cast = (value) => {
      queue.cast(statement.id, value);
      part.noteVote(statement.id, value);
      draw(value ?? undefined);
      part.say(value === null ? t("undone") : t(VOTES.find(([one]) => one === value)[1]));
      row.querySelector(value === null ? "button" : "[aria-pressed=true]").focus();
    };
    const isClosed = !conversation.takes_votes;
    const buttons = VOTES.map(([value, name]) =>
      button([sign(value), t(name)], () => now !== value && cast(value), "", { "aria-pressed": String(now === value), disabled: isClosed }));
    row.replaceChildren(
      written("p", shown.text, shown.language, { id }),
      h("div", { class: "votes-small", role: "group", "aria-labelledby": id }, buttons),
      now !== undefined && !isClosed
        ? h("div", {}, button(t("takeBack"), () => cast(null), "quiet", { "aria-describedby": id }))
        : "",
    );
  };
  draw(vote);
  return row;
}
