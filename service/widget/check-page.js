/** Shows the check on somebody's page: whoever opens it with `#opinion-check` behind its address sees it. */

import { pageFindings } from "./check.js";
import { sayer } from "./check-words.js";
import { h } from "./elements.js";
import { sheet } from "./style.js";

const SIGNS = { good: "✓", bad: "✕", hint: "–" };

const style = sheet(`
:host { display: block; font: 17px/1.5 system-ui, sans-serif; color: #1b2126; background: #ffffff; }
section { max-width: 60rem; margin: 0 auto; padding: 16px; border: 3px solid #0b5a8a; }
h2, h3 { font-size: 1.2em; margin: 0 0 8px; } h3 { font-size: 1em; margin-top: 16px; }
ul { list-style: none; margin: 0; padding: 0; } li { padding: 4px 0; overflow-wrap: anywhere; }
.bad { font-weight: 600; color: #a32b12; }
`);

/** Return findings as a list, the worst first. */
export function listed(found, say) {
  const order = ["bad", "hint", "good"];
  const sorted = [...found].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  return h("ul", { class: "findings" }, sorted.map(({ key, state, detail }) =>
    h("li", { class: state }, h("span", { "aria-hidden": "true" }, SIGNS[state], " "), `${say(state)}: ${say(key, detail)}`)));
}

/** Look at this page and show above it what was found. */
export async function show(service) {
  const say = sayer(document.documentElement.lang || navigator.language);
  const parts = await pageFindings(service);
  const place = document.createElement("div");
  place.id = "opinion-check";
  place.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
  place.shadowRoot.append(h("section", { role: "region", "aria-label": say("title") }, h("h2", {}, say("title")),
    parts.map(({ name, here }) => [name && h("h3", {}, name), listed(here, say)])));
  document.body.prepend(place);
}
