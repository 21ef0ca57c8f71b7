/** One person's part in one conversation: what all views share. */

import { Service } from "./api.js";
import { Keeping } from "./keeping.js";
import { StatementFeed } from "./statements.js";
import { VoteQueue } from "./votes.js";

export class Participation {
  conversation = null;
  words = null;
  /** Whether a view that is drawn later should take the focus. */
  wantsFocus = false;
  #own = null;
  #isFinished = false;

  /** @param element the custom element; `open` and `say` are its own. */
  constructor(element, { open, say, tell }) {
    this.element = element;
    this.root = element.shadowRoot;
    Object.assign(this, { open, say, tell });
    this.kept = new Keeping(element.service, element.conversation);
    this.service = new Service(element.service, element.conversation, this.kept);
    this.queue = new VoteQueue(this.service, this.kept);
    this.feed = new StatementFeed(this.service, this.queue);
    this.queue.addEventListener("saved", ({ detail }) => this.#tellVote(detail));
  }

  stop() {
    this.queue.stop();
    this.feed.stop();
  }

  /** Take part: who this is, what still waits, what comes next. */
  async begin(code) {
    if (code) await this.service.redeem(code);
    await this.queue.start();
    if (this.conversation.takes_votes) this.feed.fill(true);
  }

  shows(name) {
    const told = this.element.getAttribute("show");
    return !told || told.split(/[\s,]+/).includes(name);
  }

  get mayWrite() {
    return this.conversation.takes_statements && this.shows("statements");
  }

  get hasQuestions() {
    return this.shows("about") && Boolean(this.conversation.about_questions?.length);
  }

  /** Return a statement's text in the reader's language where there is one, and what to say of it. */
  translated(statement, isOriginal) {
    const { words } = this;
    const language = statement.language ?? this.conversation.language;
    const own = { text: statement.text, language };
    const translation = statement.translations?.[words.language];
    if (!translation || language === words.language) return own;
    const from = words.languageName(language);
    if (isOriginal) return { ...own, note: words.t("originalIn", { from }), other: "translation" };
    const note = words.t(translation.is_machine ? "machine" : "translated", { from });
    return { text: translation.text, language: words.language, note, other: "original" };
  }

  /** Return what this person thinks of each statement, votes on their way included. */
  async ownVotes() {
    if (!this.#own) {
      const { items } = await this.service.act("/own-votes");
      this.#own = new Map(items.map((one) => [one.statement, one.vote]));
    }
    for (const { statement, vote } of this.queue.waiting) this.noteVote(statement, vote);
    return this.#own;
  }

  noteVote(statement, vote) {
    if (vote === null) this.#own?.delete(statement);
    else this.#own?.set(statement, vote);
  }

  /** Return all visible statements by id. */
  async statements() {
    const found = new Map();
    let after = "";
    do {
      const page = await this.service.ask(`/statements?limit=1000${after}`);
      for (const one of page.items) found.set(one.id, one);
      after = page.next && `&after=${encodeURIComponent(page.next)}`;
    } while (after);
    return found;
  }

  /** Say what keeps the results closed for now, or null. */
  async resultsClosed() {
    const { results_visible: when, min_votes_for_results: least = 0, is_open: isOpen } = this.conversation;
    if (when === "after-closing" && isOpen) return { until: "closing" };
    if (when !== "after-voting") return null;
    const missing = Math.max(1, least) - (await this.ownVotes()).size;
    return missing > 0 ? { missing } : null;
  }

  /** All statements have been voted on. */
  finish() {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.tell("done", { n_votes: this.feed.nSeen });
  }

  #tellVote({ statement, vote }) {
    const isShared = this.element.hasAttribute("share-votes");
    this.tell("vote", { n_votes: this.feed.nSeen, ...(isShared && { statement, vote }) });
  }
}
