/** Ask the service, as one participant of one conversation. */

const TIMEOUT = 20_000;

/** An answer that is not a success; `status` is 0 when none came. */
export class ProblemError extends Error {
  constructor(status, kind, pause) {
    super(`${status} ${kind}`);
    Object.assign(this, { status, kind, pause });
  }

  /** Whether asking again may help. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export class Service {
  /** The signed word of the host, when there is one. */
  identity = null;
  /** How a host that let the visitor in already says so: a function that returns the token, or null. */
  admission = null;
  #base;
  #kept;
  #admission = null;
  #conversation;

  constructor(base, conversation, kept) {
    this.#base = base;
    this.#conversation = conversation;
    this.#kept = kept;
  }

  /** Where the pages of this conversation are. */
  page(name) {
    return new URL(`conversations/${encodeURIComponent(this.#conversation)}/${name}`, this.#base).href;
  }

  /** Ask without saying who asks. */
  ask(path, body, { method = body === undefined ? "GET" : "POST", token, key, headers, ...options } = {}) {
    headers = { Accept: "application/json", ...headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (key) headers["Idempotency-Key"] = key;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const address = new URL(`v1/conversations/${encodeURIComponent(this.#conversation)}${path}`, this.#base);
    return send(address, { method, headers, body: JSON.stringify(body), ...options });
  }

  /** Ask as the participant; a token that has ended is replaced once. */
  async act(path, body, options) {
    const admission = await this.admitted();
    try {
      return await this.ask(path, body, { ...options, token: admission.token });
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      // Others may have replaced it already.
      if ((await this.#admission) === admission) this.leave();
      return this.ask(path, body, { ...options, token: (await this.admitted()).token });
    }
  }

  /** Return the participant's token, kept or new. */
  admitted() {
    this.#admission ??= this.#admit().catch((problem) => {
      this.#admission = null;
      throw problem;
    });
    return this.#admission;
  }

  /** Come in with a code, from a letter or from another device. */
  async redeem(code) {
    const answer = await this.ask("/participant-tokens", { code });
    this.#keep(answer);
    this.#admission = Promise.resolve(answer);
  }

  /** Forget who this is. */
  leave() {
    this.#admission = null;
    this.#kept.set(this.#slot, null);
  }

  /** The host's word opens a place of its own: without that word nobody goes on as that visitor. */
  get #slot() {
    return this.identity ? "signed" : "token";
  }

  async #admit() {
    if (this.admission) return this.admission();
    const jti = this.identity ? claims(this.identity).jti ?? this.identity.slice(-40) : undefined;
    const kept = this.#kept.get(this.#slot);
    if (kept && kept.jti === jti && Date.parse(kept.expires_at) > Date.now()) return kept;
    const answer = await this.ask("/participant-tokens", jti ? { identity: this.identity } : {});
    this.#keep(answer, jti);
    return answer;
  }

  #keep({ token, level, expires_at }, jti) {
    this.#kept.set(this.#slot, { token, level, expires_at, jti });
  }
}

/** Return what a token says of itself; whether it is true, only the service knows. */
export function claims(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return {};
  }
}

async function send(address, options) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), TIMEOUT);
  try {
    const answer = await fetch(address, { credentials: "omit", signal: control.signal, ...options });
    if (answer.ok) return await answer.json();
    const problem = await answer.json().catch(() => ({}));
    const kind = String(problem.type ?? "").split("/").pop();
    throw new ProblemError(answer.status, kind, Number(answer.headers.get("Retry-After")) || 0);
  } catch (error) {
    throw error instanceof ProblemError ? error : new ProblemError(0, "offline", 0);
  } finally {
    clearTimeout(timer);
  }
}
