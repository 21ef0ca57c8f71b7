/** Write a statement: one idea, with those that say nearly the same beside it. */

import { button, h, written } from "./elements.js";
import { dress, voteRow } from "./vote-row.js";

const PAUSE = 500;
const LEAST = 12;

export class WritingView {
  #part;
  #node = h("div", { class: "card" });
  #timer;
  #key = "";
  #asked = 0;

  constructor(part) {
    this.#part = part;
    dress(part.root);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  draw() {
    const { words: { t }, kept } = this.#part;
    this.area = h("textarea", { id: "text", rows: 3, dir: "auto", "aria-describedby": "hint left", oninput: () => this.#typed() });
    this.area.value = kept.get("draft") ?? "";
    this.left = h("p", { class: "muted", id: "left" });
    this.advice = h("p", { class: "muted note", hidden: true });
    this.problem = h("p", { class: "warn", role: "alert" });
    this.similar = h("div", { class: "stack", hidden: true });
    this.#node.replaceChildren(
      h("h3", { tabindex: -1 }, t("writeTitle")),
      h("div", { class: "field" },
        h("label", { for: "text" }, t("writeLabel")),
        h("p", { class: "muted", id: "hint" }, t("writeHint")),
        this.area, this.left),
      this.advice, this.similar, this.problem,
      h("div", { class: "actions" },
        (this.button = button(t("send"), () => this.#send(), "main")),
        button(t("back"), () => this.#part.open("vote"), "quiet")),
    );
    this.#typed();
    return this.#node;
  }

  #typed() {
    const { words: { t }, kept, conversation } = this.#part;
    const text = this.area.value.trim();
    const left = conversation.max_statement_length - length(text, this.#part.words.language);
    kept.set("draft", text || null);
    this.left.textContent = left < 0 ? t("over", { n: -left }) : t("left", { n: left });
    this.left.className = left < 0 ? "warn" : "muted";
    this.button.disabled = !text || left < 0;
    const advice = adviceOn(text);
    this.advice.hidden = !advice;
    this.advice.textContent = advice ? t(advice) : "";
    this.problem.textContent = "";
    clearTimeout(this.#timer);
    if (text.length >= LEAST && left >= 0) this.#timer = setTimeout(() => this.#compare(text), PAUSE);
    else this.similar.hidden = true;
  }

  /** Show statements that say nearly the same: voting on one of them says as much. */
  async #compare(text) {
    const asked = ++this.#asked;
    const part = this.#part;
    const { t } = part.words;
    try {
      const [{ items }, own] = await Promise.all([
        part.service.act("/similar-statements", { text }),
        part.ownVotes(),
      ]);
      if (asked !== this.#asked || !this.#node.isConnected) return;
      const wasHidden = this.similar.hidden;
      this.similar.hidden = !items.length;
      this.similar.replaceChildren(
        h("h4", {}, t("similar")),
        h("ul", { class: "rows" }, items.slice(0, 3).map(({ statement }) => voteRow(part, statement, own.get(statement.id)))));
      if (wasHidden && items.length) part.say(t("similar"));
    } catch {
      // A hint only: without it one writes as well.
    }
  }

  async #send() {
    const part = this.#part;
    const { t, language } = part.words;
    const text = this.area.value.trim();
    this.button.disabled = true;
    // The same text sent again, after a lost answer, is the same statement.
    if (this.sent !== text) this.#key = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
    this.sent = text;
    try {
      const answer = await part.service.act("/statements", { text, language }, { key: this.#key });
      const made = answer.items?.[0] ?? answer;
      part.kept.set("draft", null);
      part.tell("statement", { state: made.state });
      this.#thank(made);
    } catch (problem) {
      this.button.disabled = false;
      this.problem.textContent = t({ "same-statement": "same", "too-many-waiting": "tooMany", "too-long": "tooLong" }[problem.kind]
        ?? (problem.passes ? "notSent" : "notNow"));
    }
  }

  #thank(made) {
    const { t } = this.#part.words;
    this.#node.replaceChildren(
      h("h3", { tabindex: -1 }, t("thanks")),
      written("p", made.text, made.language, { class: "note" }),
      h("p", {}, t(made.state === "visible" ? "sentVisible" : "sentWaiting")),
      h("div", { class: "actions" },
        button(t("goOn"), () => this.#part.open("vote"), "main"),
        button(t("another"), () => (this.draw(), this.area.focus()))));
    this.#node.querySelector("h3").focus();
  }
}

/** Count what a reader calls characters. */
function length(text, language) {
  const whole = text.normalize("NFC");
  if (!Intl.Segmenter) return [...whole].length;
  return [...new Intl.Segmenter(language, { granularity: "grapheme" }).segment(whole)].length;
}

/** Return what would make a text a better statement, if something would. */
function adviceOn(text) {
  if (/[?？؟]\s*$/.test(text)) return "adviceQuestion";
  if (/[.!;]\s+\S{2}/.test(text)) return "adviceOne";
  return null;
}
