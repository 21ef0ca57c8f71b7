/** What the element says, in the reader's language; plurals, numbers and dates as that language writes them. */

export const LANGUAGES = ["nl", "en", "de", "fr", "tr", "ar", "pl", "uk"];

/** For layouts: English, longer and with marks around it. */
const PSEUDO = "en-xa";

/** Return the first wish that can be met, or nothing; `nl-BE` is met by `nl`. */
export function bestLanguage(wishes) {
  for (const wish of wishes) {
    const tag = String(wish ?? "").toLowerCase();
    if (tag === PSEUDO) return PSEUDO;
    const main = tag.split("-")[0];
    if (LANGUAGES.includes(main)) return main;
  }
  return undefined;
}

/** Load a language. */
export async function wordsFor(language) {
  const { default: texts } = await import(`./words-${language}.js`);
  return new Words(language, texts);
}

export class Words {
  #texts;
  #plurals;
  #name;

  constructor(name, texts) {
    const language = name === PSEUDO ? "en" : name;
    this.#name = name;
    this.language = language;
    this.direction = language === "ar" ? "rtl" : "ltr";
    this.#texts = texts;
    this.#plurals = new Intl.PluralRules(language);
    // Binding spares every caller a closure.
    this.t = this.t.bind(this);
  }

  /** Load what only the views behind the first one say. */
  async loadMore() {
    const { default: more } = await import(`./more-${this.#name}.js`);
    this.#texts = { ...this.#texts, ...more };
  }

  /** Return a text with its values in place; `n` chooses the plural. */
  t(name, values = {}) {
    let text = this.#texts[name];
    if (typeof text === "object") text = text[this.#plurals.select(values.n)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (_, key) => {
      const value = values[key];
      return typeof value === "number" ? this.number(value) : value;
    });
  }

  number(value) {
    return new Intl.NumberFormat(this.language).format(value);
  }

  /** Return a share, with the range in which it probably lies: 81 % (77–85). */
  share({ share, low, high }) {
    const whole = (value) => this.number(Math.round(100 * value));
    const percent = new Intl.NumberFormat(this.language, { style: "percent" }).format(share);
    return low == null ? percent : `${percent} (${whole(low)}\u2060–\u2060${whole(high)})`;
  }

  date(moment, style = { dateStyle: "long", timeStyle: "short" }) {
    return new Intl.DateTimeFormat(this.language, style).format(new Date(moment));
  }

  list(texts) {
    return new Intl.ListFormat(this.language).format(texts);
  }

  /** Return a language's name, in this language or in its own. */
  languageName(tag, inOwn = false) {
    try {
      return new Intl.DisplayNames([inOwn ? tag : this.language], { type: "language" }).of(tag);
    } catch {
      return tag;
    }
  }
}
