/** Build the page from nodes: a text is always a text node, never markup. */

/** Return an element with attributes, listeners (`onclick` …) and children; what is null or false is left out. */
export function h(name, attributes, ...children) {
  return dressed(document.createElement(name), attributes, children);
}

/** Return an SVG element. */
export function svg(name, attributes, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value == null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Return a button. `kind`: "main", "quiet" or nothing. */
export function button(text, onclick, kind = "", attributes) {
  return h("button", { type: "button", class: kind, onclick, ...attributes }, text);
}

/** Return what people wrote, kept apart from the text around it whatever is in it. */
export function written(name, text, language, attributes) {
  return h(name, { lang: language ?? "", dir: "auto", ...attributes, class: `written ${attributes?.class ?? ""}` }, text);
}
