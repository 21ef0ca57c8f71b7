/** Votes on their way: kept until the service has said what became of each, and sent again until it does. */

import { claims } from "./api.js";

const MOST = 500;
const LONGEST_PAUSE = 30_000;
const REFUSED_IN_BATCH = { "conversation-closed": 403, "not-now": 403 };

/** Tells `change` when anything about the votes changed, and `saved` for each vote that is safe. */
export class VoteQueue extends EventTarget {
  /** Those that the service refused, with why. */
  refused = [];
  #waiting = [];
  #service;
  #kept;
  #who = "";
  #latest = 0;
  #pause = 0;
  #timer;
  #sending = false;

  constructor(service, kept) {
    super();
    this.#service = service;
    this.#kept = kept;
    this.retry = () => this.send(true);
    addEventListener("online", this.retry);
  }

  /** Take up what an earlier page left, of this participant only. */
  async start() {
    const { token } = await this.#service.admitted();
    this.#who = String(claims(token).sub ?? "").slice(0, 12);
    this.#waiting = [...this.#kept.all(`vote ${this.#who} `).values()].filter(Boolean);
    this.#waiting.sort((one, other) => one.client_sequence - other.client_sequence);
    // Before anything is asked, so that the service's count and these don't overlap.
    await this.send();
  }

  stop() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.retry);
    this.stopped = true;
  }

  get waiting() {
    return this.#waiting;
  }

  get isFull() {
    return this.#waiting.length >= MOST;
  }

  /** Whether sending failed and is tried again later. */
  get isHeldUp() {
    return this.#pause > 0 && this.#waiting.length > 0;
  }

  /** Cast a vote, or take it back with null. */
  cast(statement, vote) {
    // Grows with each act, also across pages and when the clock is set back a little.
    this.#latest = Math.max(Date.now(), this.#latest + 1, ...this.#waiting.map((one) => one.client_sequence + 1));
    const act = { statement, vote, client_sequence: this.#latest };
    // What was not sent yet and is no longer meant needs no sending.
    for (const one of this.#waiting.filter((one) => one.statement === statement && !one.isSent)) this.#drop(one);
    this.refused = this.refused.filter((one) => one.statement !== statement);
    this.#waiting.push(act);
    this.#kept.set(this.#name(act), act);
    this.#changed();
    this.send();
  }

  /** Send what waits, the oldest first; more than one at a time in one batch. */
  async send(isUrgent = false) {
    if (this.#sending || this.stopped || !this.#waiting.length) return;
    if (this.#pause && !isUrgent) return;
    clearTimeout(this.#timer);
    this.#sending = true;
    const acts = this.#waiting.slice(0, 100);
    for (const act of acts) act.isSent = true;
    try {
      await this.#deliver(acts);
      this.#pause = 0;
    } catch (problem) {
      this.#later(problem);
    }
    this.#sending = false;
    this.#changed();
    if (!this.#pause) this.send();
  }

  /** Forget everything: the participant was erased. */
  clear() {
    for (const act of [...this.#waiting]) this.#drop(act);
    this.refused = [];
    this.#changed();
  }

  async #deliver(acts) {
    const bodies = acts.map(({ statement, vote, client_sequence }) => ({ statement, vote, client_sequence }));
    if (acts.length > 1) {
      const { items } = await this.#service.act("/vote-batches", { votes: bodies });
      items.forEach((answer, at) => this.#settle(acts[at], answer.status === "refused" ? answer.reason : null));
      return;
    }
    try {
      // Outlives the page, if somebody leaves right after voting.
      await this.#service.act("/votes", bodies[0], { keepalive: true });
      this.#settle(acts[0], null);
    } catch (problem) {
      if (problem.passes) throw problem;
      this.#settle(acts[0], problem.kind);
    }
  }

  #settle(act, reason) {
    this.#drop(act);
    if (reason) this.refused.push({ ...act, reason, status: REFUSED_IN_BATCH[reason] });
    else this.dispatchEvent(new CustomEvent("saved", { detail: act }));
  }

  #later(problem) {
    this.#pause = Math.min(LONGEST_PAUSE, Math.max(1000, this.#pause * 2, (problem.pause ?? 0) * 1000));
    if (problem.passes === false) {
      // The participant may not take part (any more): trying again can't help.
      for (const act of [...this.#waiting]) this.#settle(act, problem.kind);
      this.#pause = 0;
      return;
    }
    // Spread, so that a town hall full of people doesn't ask in the same moment.
    this.#timer = setTimeout(this.retry, this.#pause * (0.75 + Math.random() / 2));
  }

  #drop(act) {
    this.#waiting = this.#waiting.filter((one) => one !== act);
    this.#kept.set(this.#name(act), null);
  }

  #name(act) {
    return `vote ${this.#who} ${act.client_sequence}`;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
