// Keeps the page fresh: asks whether there is a newer one, and puts its content in place without moving the reader.

const SHORTEST = 4_000;
const LONGEST = 60_000;

const content = () => document.getElementById("content");
const news = document.getElementById("news");
let pause = SHORTEST;
let timer;

localise();
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) {
    pause = SHORTEST;
    timer = setTimeout(look, 250);
  }
});
later();

// A third more or less, so that a full hall of readers doesn't ask in the same instant.
function later() {
  clearTimeout(timer);
  timer = setTimeout(look, pause * (2 / 3 + (2 / 3) * Math.random()));
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, {
      cache: "no-store",
      credentials: "omit",
      headers: { Accept: "text/html", "If-None-Match": `"${content().dataset.version}"` },
    });
    if (answer.status === 200) {
      replace(await answer.text());
      pause = SHORTEST;
    } else {
      pause = Math.min(LONGEST, pause * (answer.status === 304 ? 1.25 : 2));
    }
  } catch {
    pause = Math.min(LONGEST, pause * 2);
  }
  later();
}

function replace(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("content");
  if (!fresh || fresh.dataset.version === content().dataset.version) return;
  const isNewMap = fresh.dataset.stamp !== content().dataset.stamp;
  const open = [...content().querySelectorAll("details[open]")].map((one) => one.id);
  const closed = [...content().querySelectorAll("details:not([open])")].map((one) => one.id);
  const focused = placeOf(document.activeElement);
  const held = landmark();
  const scrolled = [...content().querySelectorAll(".scroll")].map((one) => [one.id, one.scrollLeft]);
  content().replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const id of closed) document.getElementById(id)?.removeAttribute("open");
  for (const [id, left] of scrolled) if (left) document.getElementById(id).scrollLeft = left;
  localise();
  if (held) {
    const now = document.getElementById(held.id)?.getBoundingClientRect().top;
    if (now !== undefined && now !== held.top) window.scrollBy({ top: now - held.top, behavior: "instant" });
  }
  focused?.()?.focus({ preventScroll: true });
  if (isNewMap) news.textContent = news.dataset.updated;
}

// What the reader is looking at: the last named thing that starts above the middle of the window.
function landmark() {
  if (window.scrollY === 0) return undefined;
  let found;
  for (const one of content().querySelectorAll("[id]")) {
    const { top, height } = one.getBoundingClientRect();
    if (height && top <= window.innerHeight / 2) found = { id: one.id, top };
  }
  return found;
}

// Where the focus is: by name, or by its place among the links and controls.
function placeOf(element) {
  if (!element || !content().contains(element)) return undefined;
  if (element.id) return () => document.getElementById(element.id);
  const controls = () => [...content().querySelectorAll("a[href], summary")];
  const index = controls().indexOf(element);
  const address = element.getAttribute("href");
  return () => {
    const found = controls();
    return found[index]?.getAttribute("href") === address
      ? found[index]
      : found.find((one) => one.getAttribute("href") === address);
  };
}

// The server writes UTC; here the reader's own time is known.
function localise() {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const form = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  for (const one of document.querySelectorAll("time[datetime]")) {
    one.textContent = form.format(new Date(one.dateTime));
  }
}
