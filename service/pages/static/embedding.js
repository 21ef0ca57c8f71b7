/* Copy lines by a button, and try an embedding from this browser. */

import { findings } from "../widget/check.js";
import { listed } from "../widget/check-page.js";
import { sayer } from "../widget/check-words.js";

const guide = document.querySelector(".guide");

if (guide.dataset.copy && navigator.clipboard) {
  for (const snippet of document.querySelectorAll(".snippet")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    const name = (text) => {
      button.textContent = text;
      button.setAttribute("aria-label", `${text}: ${snippet.getAttribute("aria-label")}`);
    };
    name(guide.dataset.copy);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(snippet.textContent);
      name(guide.dataset.copied);
      setTimeout(() => name(guide.dataset.copy), 3000);
    });
    snippet.after(button);
  }
}

const place = document.querySelector("#check");
if (place) {
  const { service, conversation, site, policy } = place.dataset;
  const say = sayer(document.documentElement.lang);
  const found = await findings({ service: here(service), conversation, site: site || undefined, policy });
  place.replaceChildren(listed(found, say));
}

/** What a page asks for is asked where this page came from, whatever name the service has for others. */
function here(service) {
  const address = new URL("../", import.meta.url);
  return new URL(service).host === address.host ? address.href : service;
}
