/** Come in where a conversation asks who somebody is: a code from a letter, or the host's word. */

import { button, h } from "./elements.js";
import { dress } from "./vote-row.js";

/** Return a field for a code, with what happens when it is sent. */
export function codeField(part, { label, hint, onDone }) {
  const { t } = part.words;
  const wrong = h("p", { class: "warn", role: "alert", id: "code-wrong" });
  const enter = (event) => event.key === "Enter" && send(event);
  const field = h("input", { id: "code", onkeydown: enter, class: "code", dir: "ltr", autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false", maxlength: 40, "aria-describedby": "code-hint code-wrong" });
  const send = async (event) => {
    event.preventDefault();
    const code = field.value.trim();
    if (!code) return field.focus();
    wrong.textContent = "";
    try {
      await part.queue.send(true);
      await part.service.redeem(code);
      onDone();
    } catch (problem) {
      wrong.textContent = t(problem.passes ? "offline" : "codeWrong");
      field.focus();
    }
  };
  // A sandbox without `allow-forms` sends no form, and doesn't even tell that one was to be sent.
  return h("div", { class: "stack" },
    h("div", { class: "field" },
      h("label", { for: "code" }, label),
      h("p", { class: "muted", id: "code-hint" }, hint),
      field, wrong),
    h("div", { class: "actions" }, button(t("go"), send, "main")));
}

export class AdmissionView {
  #part;

  constructor(part) {
    this.#part = part;
    dress(part.root);
  }

  draw() {
    const part = this.#part;
    const { t } = part.words;
    const isCode = part.conversation.required_assurance === "code" || part.refusal === "code-refused";
    const closed = !part.conversation.is_open;
    const texts = closed
      ? [h("h3", { tabindex: -1 }, t("closed")), h("p", {}, t("closedNext"))]
      : isCode
        ? [h("h3", { tabindex: -1 }, t("codeTitle")),
          part.refusal === "code-refused" && h("p", { class: "warn" }, t("codeWrong")),
          codeField(part, { label: t("code"), hint: t("codeHint"), onDone: () => part.restart() })]
        : [h("h3", { tabindex: -1 }, t("login")), h("p", {}, t("loginNext"))];
    const look = part.shows("results") && button(t("see"), () => part.open("results"), "quiet");
    return h("div", { class: "card" }, texts, h("div", { class: "actions" }, look));
  }
}
