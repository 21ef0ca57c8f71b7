/** What is mine: votes, statements, answers, another device, and everything that is kept. */

import { codeField } from "./admitting.js";
import { button, h, written } from "./elements.js";
import { dress, voteRow } from "./vote-row.js";

const FIRST = 10;

export class OwnView {
  #part;
  #node = h("div");

  constructor(part) {
    this.#part = part;
    dress(part.root);
  }

  draw() {
    const { t } = this.#part.words;
    this.#node.append(h("h3", { tabindex: -1, class: "unseen" }, t("mine")), h("p", { class: "muted skeleton" }, t("loading")));
    this.#load();
    return this.#node;
  }

  async #load() {
    const part = this.#part;
    const { t } = part.words;
    try {
      const [votes, statements, own] = await Promise.all([
        part.ownVotes(), part.statements(), part.service.act("/own-statements")]);
      this.#node.querySelector(".skeleton").remove();
      this.#node.append(
        this.#votes(votes, statements),
        ...[this.#written(own.items), this.#about(), this.#device(), this.#data()].filter(Boolean));
    } catch (problem) {
      const kind = problem.status === 403 ? "notNow" : "offline";
      this.#node.replaceChildren(h("div", { class: "card" },
        h("h3", { tabindex: -1 }, t(kind)), button(t("again"), () => part.open("mine"), "main")));
    }
  }

  #section(title, ...children) {
    return h("section", { class: "stack" }, h("h3", {}, title), children);
  }

  #votes(votes, statements) {
    const { t } = this.#part.words;
    const rows = [...votes].filter(([id]) => statements.has(id)).reverse()
      .map(([id, vote]) => voteRow(this.#part, statements.get(id), vote));
    const list = h("ul", { class: "rows" }, rows.slice(0, FIRST));
    const more = rows.length > FIRST && button(t("showAll", { n: rows.length }), () => {
      list.append(...rows.slice(FIRST));
      rows[FIRST].querySelector("button").focus();
      more.remove();
    });
    return this.#section(t("myVotes"), rows.length ? [h("p", { class: "muted" }, t("myVotesHint")), list, more] : h("p", {}, t("noVotes")));
  }

  #written(items) {
    const { t } = this.#part.words;
    const rows = items.map((one) => h("li", { class: "row" },
      written("p", one.text, one.language),
      h("p", { class: "muted" }, t(`state-${one.state}`)),
      one.reason && h("p", { class: "muted note" }, written("span", one.reason, ""))));
    const write = this.#part.mayWrite && h("div", { class: "actions" }, button(t("write"), () => this.#part.open("write")));
    return (rows.length || write) && this.#section(t("myStatements"),
      rows.length ? h("ul", { class: "rows" }, rows) : h("p", {}, t("noStatements")), write);
  }

  #about() {
    const { t } = this.#part.words;
    return this.#part.hasQuestions && this.#section(t("aboutTitle"), h("p", {}, t("aboutHint")),
      h("div", { class: "actions" }, button(t("aboutOpen"), () => this.#part.open("about"))));
  }

  #device() {
    const part = this.#part;
    const { words, words: { t } } = part;
    const place = h("div", { class: "stack", "aria-live": "polite" });
    const make = async () => {
      try {
        const { code, expires_at } = await part.service.act("/transfer-codes", {});
        const until = words.date(expires_at, { timeStyle: "short" });
        place.replaceChildren(h("p", { class: "big-code", dir: "ltr" }, code), h("p", { class: "muted" }, t("codeUntil", { until })));
      } catch (problem) {
        place.replaceChildren(h("p", { class: "warn" }, t(problem.passes ? "offline" : "notNow")));
      }
    };
    const enter = () => place.replaceChildren(codeField(part, { label: t("code"), hint: t("deviceCode"), onDone: () => part.restart() }));
    return this.#section(t("device"), h("p", {}, t("deviceHint")),
      h("div", { class: "actions" }, button(t("makeCode"), make), button(t("haveCode"), enter, "quiet")), place);
  }

  #data() {
    const part = this.#part;
    const { t } = part.words;
    const place = h("div", { class: "stack", "aria-live": "polite" });
    const failed = (problem) => place.replaceChildren(h("p", { class: "warn" }, t(problem.passes ? "offline" : "notNow")));
    const view = async (isFile) => {
      try {
        const text = JSON.stringify(await part.service.act("/own-data"), null, 2);
        if (isFile) save(text, `${part.element.conversation}.json`);
        else place.replaceChildren(h("pre", { tabindex: 0, dir: "ltr", role: "region", "aria-label": t("data") }, text));
      } catch (problem) {
        failed(problem);
      }
    };
    const erase = async () => {
      try {
        part.queue.clear();
        await part.service.act("/own-data", undefined, { method: "DELETE" });
        part.service.leave();
        place.replaceChildren(h("p", {}, t("erased")));
        setTimeout(() => part.restart(), 3000);
      } catch (problem) {
        failed(problem);
      }
    };
    const ask = () => {
      place.replaceChildren(h("p", { tabindex: -1 }, t("eraseSure")),
        h("div", { class: "actions" }, button(t("yesErase"), erase, "main"), button(t("no"), () => place.replaceChildren())));
      place.firstChild.focus();
    };
    return this.#section(t("data"), h("p", {}, t("dataHint")),
      h("div", { class: "actions" },
        button(t("seeData"), () => view(false)), button(t("download"), () => view(true)), button(t("erase"), ask, "quiet")), place);
  }
}

function save(text, name) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
