/** What the host page hears: events of the element and, in an iframe, messages to the page around it. */

/** Tells a host what happens; never what somebody voted, unless the host asked (`share-votes`). */
export class Hosting {
  #element;
  #observer;
  #height = 0;

  constructor(element) {
    this.#element = element;
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(element);
    this.hear = (message) => this.#hear(message);
    addEventListener("message", this.hear);
  }

  stop() {
    this.#observer.disconnect();
    removeEventListener("message", this.hear);
  }

  tell(name, detail = {}) {
    const told = { conversation: this.#element.conversation, ...detail };
    // A `resize` that bubbled would wake whatever the host does when its window changes.
    const bubbles = name !== "resize";
    this.#element.dispatchEvent(new CustomEvent(name, { detail: told, bubbles, composed: bubbles }));
    if (parent === self) return;
    const isForAnyone = name === "ready" || name === "resize";
    const origin = this.#origin || (isForAnyone ? "*" : null);
    if (origin) parent.postMessage({ type: `opinion-widget:${name}`, ...told }, origin);
  }

  /** The one page that may speak to this one: only an iframe page names it. */
  get #origin() {
    const told = this.#element.getAttribute("parent-origin");
    return told && told !== "*" && told !== "null" ? told : null;
  }

  #hear({ data, origin, source }) {
    if (parent === self || source !== parent || !this.#origin || origin !== this.#origin) return;
    if (data?.type !== "opinion-widget:identity" || typeof data.token !== "string") return;
    if (data.conversation && data.conversation !== this.#element.conversation) return;
    this.#element.identityToken = data.token;
  }

  #measure() {
    const own = this.#element.offsetHeight;
    const height = parent === self ? own : Math.max(own, document.documentElement.offsetHeight);
    if (height === this.#height) return;
    this.#height = height;
    this.tell("resize", { height });
  }
}
