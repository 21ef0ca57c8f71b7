/** One statement at a time: agree, disagree or pass. */

import { button, h, svg, written } from "./elements.js";

const PATHS = { 1: "M4 13l5 5L20 6", [-1]: "M5 5l14 14M19 5L5 19", 0: "M5 12h14" };

/** What each vote is called. */
export const VOTES = [[1, "agree"], [-1, "disagree"], [0, "pass"]];

/** Return the sign of a vote. */
export function sign(vote) {
  const lines = { fill: "none", stroke: "currentColor", "stroke-width": 3, "stroke-linecap": "round" };
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PATHS[vote], ...lines }));
}

export class VotingView {
  node = h("div", { class: "stack" });
  #part;
  #cast = [];
  #isOriginal = false;
  #shownId;
  #status = h("span", { class: "muted" });

  /** @param part the element's inside: words, service, queue, feed, conversation and what they share. */
  constructor(part) {
    this.#part = part;
    this.update = () => this.#update();
    this.updateStatus = () => this.#updateStatus();
    part.feed.addEventListener("change", this.update);
    part.queue.addEventListener("change", this.updateStatus);
  }

  stop() {
    this.#part.feed.removeEventListener("change", this.update);
    this.#part.queue.removeEventListener("change", this.updateStatus);
  }

  /** Draw what there is to do now. */
  draw() {
    this.#shownId = undefined;
    this.#update();
    return this.node;
  }

  #update() {
    const { feed, conversation } = this.#part;
    if (!conversation.takes_votes) this.#show("closed", () => this.#closed());
    else if (feed.shown) this.#show(`card ${feed.shown.id}`, () => this.#card(feed.shown));
    else if (feed.problem && !feed.problem.passes) this.#show("failed", () => this.#problem("failed"));
    else if (feed.problem) this.#show("offline", () => this.#problem("offline"));
    else if (feed.isDone) this.#show("done", () => this.#done());
    else this.#show("loading", () => this.#loading());
    this.#updateProgress();
    this.#updateStatus();
  }

  /** Draw only what is not on view yet, and keep the focus where the reader is. */
  #show(id, make) {
    if (id === this.#shownId) return;
    const hadFocus = this.node.contains(this.#part.root.activeElement) || this.#part.wantsFocus;
    this.#shownId = id;
    this.node.replaceChildren(...[make()].flat());
    if (!hadFocus || id === "loading") {
      this.#part.wantsFocus = hadFocus;
      return;
    }
    this.#part.wantsFocus = false;
    this.node.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }

  #card(statement) {
    const { t } = this.#part.words;
    const shown = this.#part.translated(statement, this.#isOriginal);
    const text = written("p", shown.text, shown.language, { class: "statement", tabindex: -1, id: "statement" });
    const votes = VOTES.map(([vote, name], at) =>
      button([sign(vote), h("span", {}, t(name))], () => this.#vote(vote), "", { "aria-keyshortcuts": at + 1 }),
    );
    const card = h("div", { class: "card", role: "group", "aria-labelledby": "statement", onkeydown: (key) => this.#key(key) },
      text,
      shown.note && h("p", { class: "muted" }, shown.note, " ", button(t(shown.other), () => this.#switch(), "quiet")),
      h("div", { class: "votes" }, votes),
      h("p", { class: "muted keys", "aria-hidden": "true" }, t("keys")),
    );
    return [
      card,
      h("div", { class: "bar", "aria-hidden": "true" }, h("span")),
      h("div", { class: "below" },
        h("span", { class: "muted progress" }),
        this.#status,
        this.#cast.length > 0 && button(t("undo"), () => this.#undo(), "quiet undo"),
      ),
      this.#part.mayWrite && h("p", { class: "actions" }, h("span", {}, t("missing")), this.#writeButton()),
    ];
  }

  #writeButton(kind = "quiet") {
    return button(this.#part.words.t("write"), () => this.#part.open("write"), kind);
  }

  #resultsButton(kind = "main") {
    return this.#part.shows("results") && button(this.#part.words.t("see"), () => this.#part.open("results"), kind);
  }

  #done() {
    const { words: { t }, feed } = this.#part;
    const isEmpty = feed.nStatements === 0;
    if (!isEmpty) this.#part.finish();
    return this.#message(t(isEmpty ? "empty" : "done"), [t(isEmpty ? "emptyNext" : "doneNext")], [
      !isEmpty && this.#resultsButton(),
      this.#part.mayWrite && this.#writeButton(isEmpty ? "main" : ""),
      this.#part.hasQuestions && !isEmpty && button(t("aboutTitle"), () => this.#part.open("about")),
      this.#cast.length > 0 && button(t("undo"), () => this.#undo(), "quiet undo"),
    ]);
  }

  #closed() {
    const { words, conversation } = this.#part;
    const { t } = words;
    const now = Date.now();
    const coming = conversation.phases.find((one) => one.asks.includes("votes") && Date.parse(one.starts_at) > now);
    const isLater = conversation.is_open && coming;
    const outcome = conversation.outcome && [
      h("h4", {}, t("outcome")),
      written("p", conversation.outcome, conversation.language),
    ];
    return this.#message(
      t(conversation.is_open ? "notNow" : "closed"),
      [isLater ? t("opens", { date: words.date(coming.starts_at) }) : t("closedNext"), outcome].flat(),
      [!isLater && this.#resultsButton(), this.#part.mayWrite && this.#writeButton("")],
    );
  }

  #problem(kind) {
    const { words: { t }, feed } = this.#part;
    return this.#message(t(kind), [t(`${kind}Next`)], [button(t("again"), () => feed.fill(true), "main")]);
  }

  #message(title, texts, actions) {
    return [
      h("div", { class: "card" },
        h("h3", { tabindex: -1 }, title),
        texts.filter(Boolean).map((one) => (one.nodeType ? one : h("p", {}, one))),
        h("div", { class: "actions" }, actions),
      ),
      h("div", { class: "below" }, this.#status),
    ];
  }

  #loading() {
    const { t } = this.#part.words;
    return h("div", { class: "card skeleton" },
      h("p", { class: "unseen", tabindex: -1 }, t("loading")),
      h("div", { class: "statement", "aria-hidden": "true" }, h("i"), h("i")),
    );
  }

  #vote(vote) {
    const { queue, feed, words: { t } } = this.#part;
    const statement = feed.shown;
    if (queue.isFull) return;
    this.#isOriginal = false;
    this.#cast.push({ statement, vote });
    queue.cast(statement.id, vote);
    feed.next();
    this.#part.noteVote(statement.id, vote);
    this.#update();
    const name = VOTES.find(([value]) => value === vote)[1];
    this.#part.say(`${t(name)}. ${this.#progress()}`);
  }

  #undo() {
    const { queue, feed, words: { t } } = this.#part;
    const last = this.#cast.pop();
    queue.cast(last.statement.id, null);
    feed.back(last.statement);
    this.#part.noteVote(last.statement.id, null);
    this.#part.wantsFocus = true;
    this.#update();
    this.#part.say(t("undone"));
  }

  /** Forget what could be undone: somebody else goes on. */
  forget() {
    this.#cast = [];
  }

  #switch() {
    this.#isOriginal = !this.#isOriginal;
    this.#shownId = undefined;
    this.#part.wantsFocus = true;
    this.#update();
  }

  /** Single keys, only inside the card and only bare: every other key is the host's. */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat) return;
    const vote = { 1: 1, 2: -1, 3: 0 }[event.key];
    if (vote !== undefined) this.#vote(vote);
    else if (event.key === "0" && this.#cast.length) this.#undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #progress() {
    const { feed, words: { t } } = this.#part;
    return feed.nStatements ? t("progress", { n: feed.nSeen, all: feed.nStatements }) : "";
  }

  #updateProgress() {
    const { feed } = this.#part;
    const bar = this.node.querySelector(".bar span");
    if (!bar) return;
    bar.style.width = `${feed.nStatements ? (100 * feed.nSeen) / feed.nStatements : 0}%`;
    this.node.querySelector(".progress").textContent = this.#progress();
  }

  /** Say whether votes are safe, on their way or refused. */
  #updateStatus() {
    const { queue, words: { t } } = this.#part;
    const status = this.#status;
    const refused = queue.refused.length;
    const said = refused
      ? t("unsaved", { n: refused })
      : queue.isHeldUp
        ? t("waiting", { n: queue.waiting.length })
        : queue.waiting.length
          ? t("saving")
          : this.#cast.length
            ? t("saved")
            : "";
    status.className = refused ? "warn" : "muted";
    if (said === status.dataset.said) return;
    status.dataset.said = said;
    status.replaceChildren(said);
    if (queue.isHeldUp || refused) {
      this.#part.say(said);
      if (!refused) status.append(" ", button(t("again"), queue.retry, "quiet"));
    }
  }
}
