/** What the browser keeps for one conversation: in its storage where that is allowed, else for this visit. */

export class Keeping {
  #prefix;
  #store;

  constructor(service, conversation) {
    this.#prefix = `opinion-widget ${service} ${conversation} `;
    this.#store = storage();
  }

  get(name) {
    try {
      return JSON.parse(this.#store.getItem(this.#prefix + name));
    } catch {
      return null;
    }
  }

  /** Keep a value; null forgets it. */
  set(name, value) {
    const key = this.#prefix + name;
    try {
      if (value == null) this.#store.removeItem(key);
      else this.#store.setItem(key, JSON.stringify(value));
    } catch {
      // The storage is full: what is in memory still serves this visit.
    }
  }

  /** Return the values whose names start so, by name. */
  all(start) {
    const found = new Map();
    const full = this.#prefix + start;
    for (let at = 0; at < this.#store.length; at++) {
      const key = this.#store.key(at);
      if (key.startsWith(full)) found.set(key.slice(this.#prefix.length), this.get(key.slice(this.#prefix.length)));
    }
    return found;
  }
}

function storage() {
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      const found = self[name];
      found.setItem("opinion-widget", "");
      found.removeItem("opinion-widget");
      return found;
    } catch {
      // Blocked, or an opaque origin.
    }
  }
  return memory;
}

class Memory {
  #values = new Map();
  get length() {
    return this.#values.size;
  }
  key(at) {
    return [...this.#values.keys()][at];
  }
  getItem(key) {
    return this.#values.get(key) ?? null;
  }
  setItem(key, value) {
    this.#values.set(key, value);
  }
  removeItem(key) {
    this.#values.delete(key);
  }
}

/** One for the page: an element that starts anew, because somebody came in by a code, finds what it kept. */
const memory = new Memory();
