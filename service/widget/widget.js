/** `<opinion-widget conversation="…">`: anyone can take part in a conversation, on any page. See docs/widget.md. */

import { button, h, written } from "./elements.js";
import { Hosting } from "./hosting.js";
import { Participation } from "./participation.js";
import { style } from "./style.js";
import { VotingView } from "./voting.js";
import { LANGUAGES, bestLanguage, wordsFor } from "./words.js";

const PARTS = [["vote", "vote"], ["results", "results"], ["mine", "mine"]];

/** Views that most visits don't need are fetched when they are opened. */
const VIEWS = {
  vote: async () => VotingView,
  write: async () => (await import("./writing.js")).WritingView,
  results: async () => (await import("./results.js")).ResultsView,
  mine: async () => (await import("./mine.js")).OwnView,
  about: async () => (await import("./about.js")).AboutView,
  admission: async () => (await import("./admitting.js")).AdmissionView,
};

export class OpinionWidget extends HTMLElement {
  static observedAttributes = ["conversation", "service", "lang", "view", "show", "identity-token"];

  #hosting;
  #part;
  #view;
  #viewName;
  #frame;
  #live;
  #code;
  #timer;
  #run = 0;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
    // A property that was set before this module came must go through its setter.
    if (Object.hasOwn(this, "identityToken")) {
      const token = this.identityToken;
      delete this.identityToken;
      this.identityToken = token;
    }
  }

  /** The id of the conversation. */
  get conversation() {
    return this.getAttribute("conversation") ?? "";
  }

  /** Where the service is; where this module came from unless told. */
  get service() {
    const told = this.getAttribute("service");
    return new URL(told ? `${told.replace(/\/*$/, "")}/` : "..", told ? document.baseURI : import.meta.url).href;
  }

  /** The platform's signed word of who this is; it never shows in the page. */
  get identityToken() {
    return this.#identity ?? this.getAttribute("identity-token");
  }

  set identityToken(token) {
    if (token === this.#identity) return;
    this.#identity = token;
    if (this.isConnected) this.#start();
  }

  #identity = null;

  connectedCallback() {
    this.#hosting = new Hosting(this);
    this.#start();
  }

  disconnectedCallback() {
    this.#run++;
    clearTimeout(this.#timer);
    this.#hosting.stop();
    this.#stop();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || !this.#hosting || before === now) return;
    if (name === "view") this.open(now);
    else this.#start();
  }

  /** Show a view: `vote`, `write`, `results`, `mine` or `about`. */
  async open(name) {
    if (!this.#part?.words) return;
    const run = this.#run;
    const wanted = VIEWS[name] && this.#allows(name) ? name : "vote";
    this.#viewName = wanted;
    const words = this.#part.words;
    const [View] = await Promise.all([VIEWS[wanted](), wanted !== "vote" && words.loadMore()]).catch(() => []);
    if (run !== this.#run || this.#viewName !== wanted) return;
    if (!View) return this.#fail("offline", () => this.open(name));
    this.#view?.stop?.();
    this.#view = new View(this.#part);
    this.#show(this.#view.draw(), wanted);
  }

  #allows(name) {
    const part = this.#part;
    if (name === "write") return part.mayWrite;
    if (name === "about") return part.hasQuestions;
    return name === "admission" || name === "mine" || part.shows(name);
  }

  #stop() {
    this.#view?.stop?.();
    this.#part?.stop();
    this.#view = this.#part = null;
  }

  async #start() {
    this.#stop();
    clearTimeout(this.#timer);
    const run = ++this.#run;
    const isCurrent = () => run === this.#run;
    if (!this.#frame) this.shadowRoot.replaceChildren(h("div", { class: "widget" }, skeleton()));
    const part = new Participation(this, {
      open: (name) => {
        part.wantsFocus = true;
        return this.open(name);
      },
      say: (text) => this.#say(text),
      tell: (name, detail) => this.#hosting.tell(name, detail),
    });
    this.#part = part;
    part.restart = () => this.#start();
    part.service.identity = this.identityToken || null;
    part.service.admission = this.admission;
    this.#code ??= codeInAddress();
    // What doesn't need the other's answer is asked at the same time.
    const isWaiting = this.hasAttribute("identity-token") && !this.identityToken;
    const admission = this.#code || isWaiting ? null : part.service.admitted().catch(() => null);
    try {
      const asked = part.service.ask("");
      asked.catch(() => null);
      part.words = await this.#words(part, asked);
      part.conversation = await asked;
      if (!isCurrent()) return;
      this.#draw();
      await admission;
      if (isCurrent()) await this.#begin(isWaiting);
    } catch (problem) {
      if (isCurrent()) this.#troubled(problem);
    }
  }

  async #words(part, asked) {
    const wishes = [part.kept.get("language"), this.lang, this.parentElement?.closest("[lang]")?.lang];
    return wordsFor(bestLanguage(wishes) ?? bestLanguage([(await asked).language, ...navigator.languages]) ?? "en");
  }

  async #begin(isWaiting) {
    const part = this.#part;
    const view = this.#viewName ?? this.getAttribute("view") ?? "vote";
    if (isWaiting) return;
    try {
      await part.begin(this.#code);
    } catch (problem) {
      if (problem.status !== 403) throw problem;
      part.refusal = problem.kind;
      // Who may only look can still see the results.
      return this.open(view === "results" ? view : "admission");
    } finally {
      this.#code = null;
    }
    if (part !== this.#part) return;
    if (!this.#view || this.#viewName === "admission") await this.open(view === "admission" ? "vote" : view);
    this.#hosting.tell("ready", {});
  }

  /** Draw what stays around every view. */
  #draw() {
    const { words, conversation, service } = this.#part;
    const { t } = words;
    const parts = PARTS.filter(([name]) => name === "mine" || this.#part.shows(name));
    this.#live = h("p", { class: "unseen", "aria-live": "polite", role: "status" });
    this.#frame = h("div", { class: "view" }, skeleton());
    const phase = conversation.phases?.find((one) => one.name === conversation.phase);
    const isPage = this.hasAttribute("whole-page");
    this.shadowRoot.replaceChildren(
      h(isPage ? "main" : "div", { class: "widget", part: "widget", lang: words.language, dir: words.direction },
        written(isPage ? "h1" : "h2", conversation.question, conversation.language, { part: "question" }),
        conversation.description && h("details", {}, h("summary", {}, t("about")),
          written("p", conversation.description, conversation.language)),
        phase && h("p", { class: "muted" },
          written("span", phase.name, conversation.language), " · ", t("until", { date: words.date(phase.ends_at) })),
        conversation.is_test && h("p", { class: "muted" }, t("test")),
        h("nav", { class: "parts", "aria-label": `${t("parts")}: ${conversation.question}` },
          parts.map(([name, key]) => button(t(key), () => this.open(name), "", { "data-part": name }))),
        this.#frame,
        this.#live,
        h("div", { class: "foot", part: "foot" },
          this.#languageChoice(),
          h("a", { class: "muted", href: service.page("map"), target: "_blank", rel: "noopener" }, t("aboutMap"))),
      ),
    );
  }

  #languageChoice() {
    const { words, kept } = this.#part;
    const options = LANGUAGES.map((one) =>
      h("option", { value: one, lang: one, selected: one === words.language }, words.languageName(one, true)));
    const choose = ({ target }) => {
      kept.set("language", target.value);
      this.#start();
    };
    return h("label", { class: "muted" }, words.t("language"), " ", h("select", { onchange: choose }, options));
  }

  #show(node, name) {
    const around = name === "write" || name === "about" ? "vote" : name;
    for (const one of this.shadowRoot.querySelectorAll("[data-part]")) {
      if (one.dataset.part === around) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
    this.#frame.replaceChildren(node);
    if (!this.#part.wantsFocus) return;
    const target = node.querySelector("[tabindex='-1']");
    if (!target) return;
    this.#part.wantsFocus = false;
    target.focus({ preventScroll: true });
  }

  #say(text) {
    if (!this.#live) return;
    // The same sentence twice is news only if it was gone in between.
    this.#live.textContent = "";
    setTimeout(() => (this.#live.textContent = text), 50);
  }

  #troubled(problem) {
    if (problem.status === 404) return this.#fail("gone");
    this.#fail(problem.passes ? "offline" : "failed", () => this.#start());
    if (problem.passes !== false) this.#timer = setTimeout(() => this.#start(), 5000 + Math.random() * 5000);
  }

  #fail(kind, again) {
    const words = this.#part?.words;
    // Without words there is nothing to say; the skeleton stays until the next attempt.
    if (!words) return;
    const { t } = words;
    this.#viewName = this.#viewName === "admission" ? undefined : this.#viewName;
    const isFramed = this.#frame?.isConnected;
    const isPage = this.hasAttribute("whole-page");
    const card = h("div", { class: "card" },
      h(isFramed ? "h3" : isPage ? "h1" : "h2", { tabindex: -1 }, t(kind)),
      h("p", {}, t(`${kind}Next`)),
      again && h("div", { class: "actions" }, button(t("again"), again, "main")));
    if (isFramed) this.#frame.replaceChildren(card);
    else this.shadowRoot.replaceChildren(h(isPage ? "main" : "div", { class: "widget", lang: words.language, dir: words.direction }, card));
  }
}

function skeleton() {
  return h("div", { class: "card skeleton", "aria-hidden": "true" }, h("div", { class: "statement" }, h("i"), h("i")));
}

/** Return a code from a letter's QR code; it stands behind the #, which no server sees, and goes away at once. */
function codeInAddress() {
  // The last of a code's signs may be one of *~$=, which stands in an address as it is or escaped.
  const found = /^#code=((?:[0-9A-Za-z*~$=-]|%2A|%7E|%24|%3D){4,64})$/i.exec(location.hash);
  if (!found) return null;
  try {
    history.replaceState(history.state, "", location.pathname + location.search);
  } catch {
    location.hash = "";
  }
  return decodeURIComponent(found[1]);
}

if (!customElements.get("opinion-widget")) customElements.define("opinion-widget", OpinionWidget);
