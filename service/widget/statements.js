/** The statements to come: always some at hand, so that nobody waits for the next one. */

const AHEAD = 2;

export class StatementFeed extends EventTarget {
  nStatements = 0;
  /** Whether the service has no more for this participant. */
  isDone = false;
  /** What kept the last question from being answered, if something did. */
  problem = null;
  #ready = [];
  #shown = null;
  #nSeen = 0;
  #service;
  #queue;
  #asking = false;
  #pause = 1000;
  #timer;

  constructor(service, queue) {
    super();
    this.#service = service;
    this.#queue = queue;
    this.retry = () => this.fill(true);
    addEventListener("online", this.retry);
  }

  stop() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.retry);
    this.stopped = true;
  }

  get shown() {
    return this.#shown;
  }

  get nSeen() {
    return this.#nSeen;
  }

  /** Go on to the next statement; nothing is shown until there is one. */
  next() {
    this.#nSeen = Math.min(this.#nSeen + 1, this.nStatements || Infinity);
    this.#shown = this.#ready.shift() ?? null;
    this.fill();
  }

  /** Go back to an earlier statement. */
  back(statement) {
    if (this.#shown) this.#ready.unshift(this.#shown);
    this.#ready = this.#ready.filter((one) => one.id !== statement.id);
    this.#shown = statement;
    this.#nSeen = Math.max(0, this.#nSeen - 1);
  }

  /** Forget what is at hand and ask anew. */
  restart() {
    this.#ready = [];
    this.#shown = null;
    this.#nSeen = 0;
    this.nStatements = 0;
    this.isDone = false;
    this.fill(true);
  }

  /** Ask until enough is at hand. */
  async fill(isUrgent = false) {
    if (this.#asking || this.stopped || (this.problem && !isUrgent)) return;
    clearTimeout(this.#timer);
    this.#asking = true;
    try {
      do await this.#ask();
      while (!this.isDone && this.#ready.length < AHEAD);
      this.problem = null;
      this.#pause = 1000;
    } catch (problem) {
      this.problem = problem;
      if (problem.passes) this.#timer = setTimeout(this.retry, (this.#pause = Math.min(30_000, this.#pause * 2)));
    }
    this.#asking = false;
    this.dispatchEvent(new Event("change"));
  }

  async #ask() {
    const onTheirWay = this.#queue.waiting.filter((one) => one.vote !== null).map((one) => one.statement);
    const atHand = [this.#shown, ...this.#ready].filter(Boolean).map((one) => one.id);
    const without = [...new Set([...atHand, ...onTheirWay])].slice(0, 50);
    // In a header: a browser asks anew for every address whether this page may use it.
    const headers = { Without: without.map(encodeURIComponent).join(",") };
    const answer = await this.#service.act("/next-statement", undefined, { headers });
    if (!this.nStatements) this.#nSeen = answer.n_seen + new Set(onTheirWay).size;
    this.nStatements = answer.n_statements;
    this.isDone = !answer.statement;
    // The answer may have crossed a vote that was cast meanwhile.
    if (answer.statement && this.#shown?.id !== answer.statement.id) this.#ready.push(answer.statement);
    if (!this.#shown && this.#ready.length) {
      this.#shown = this.#ready.shift();
      this.dispatchEvent(new Event("change"));
    }
  }
}
