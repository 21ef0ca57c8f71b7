/** Questions about the person: the facilitator's choice, all of them skippable, kept apart from votes. */

import { button, h, written } from "./elements.js";
import { dress } from "./vote-row.js";

export class AboutView {
  #part;

  constructor(part) {
    this.#part = part;
    dress(part.root);
  }

  draw() {
    const node = h("div", { class: "card" }, h("h3", { tabindex: -1 }, this.#part.words.t("aboutTitle")));
    this.#load(node);
    return node;
  }

  async #load(node) {
    const part = this.#part;
    const { t } = part.words;
    const given = await part.service.act("/own-answers").catch(() => null);
    const answers = { ...given?.answers };
    const said = h("p", { class: "muted", role: "status" });
    const send = async () => {
      try {
        await part.service.act("/own-answers", { answers }, { method: "PUT" });
        said.textContent = t("saved");
      } catch {
        said.textContent = t("notSent");
      }
    };
    node.append(
      h("p", {}, t("aboutHint")),
      ...part.conversation.about_questions.map((question) => this.#question(question, answers, send)),
      said,
      h("div", { class: "actions" }, button(t("goOn"), () => part.open("vote"), "main")),
    );
  }

  #question(question, answers, send) {
    const { words: { t }, conversation } = this.#part;
    const choices = [...question.options, { id: null, text: t("skip") }].map((option) => {
      const choose = () => {
        answers[question.id] = option.id;
        send();
      };
      const checked = (answers[question.id] ?? null) === option.id;
      const field = h("input", { type: "radio", name: `about-${question.id}`, checked, onchange: choose });
      const label = option.id === null ? h("span", {}, option.text) : written("span", option.text, conversation.language);
      return h("label", { class: "choice" }, field, " ", label);
    });
    return h("fieldset", { class: "field" }, h("legend", {}, written("span", question.text, conversation.language)), choices);
  }
}
