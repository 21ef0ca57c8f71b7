/** The pseudo-locale: English, longer and marked, so that a text that was not translated or has no room shows. */

import texts from "./words-en.js";

const MARKED = { a: "á", e: "ë", i: "ï", o: "ô", u: "ü" };

export const pseudo = (text) =>
  typeof text === "object"
    ? Object.fromEntries(Object.entries(text).map(([key, one]) => [key, pseudo(one)]))
    : `[${text.split(/(\{\w+\})/).map((one) => (one.startsWith("{") ? one : one.replace(/[aeiou]/g, (vowel) => vowel + MARKED[vowel]))).join("")}]`;

export default pseudo(texts);
