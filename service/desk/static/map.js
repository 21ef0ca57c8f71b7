// The map moves and grows; pictures are made to keep; a slider goes through time. Without this all of it is there but that.

const view = document.getElementById("view");

/** Let somebody move the map and look closer: by dragging, by keys, by buttons, or by two fingers. */
function movable(holder) {
  const svg = holder.querySelector("svg.map");
  const whole = { x: 0, y: 0, width: Number(holder.dataset.width), height: Number(holder.dataset.height) };
  const now = { ...whole };
  let waits = false;

  const draw = () => {
    waits = false;
    svg.setAttribute("viewBox", `${now.x} ${now.y} ${now.width} ${now.height}`);
    holder.classList.toggle("is-close", now.width < whole.width);
  };
  const show = () => {
    now.x = Math.min(Math.max(now.x, 0), whole.width - now.width);
    now.y = Math.min(Math.max(now.y, 0), whole.height - now.height);
    if (!waits) {
      waits = true;
      requestAnimationFrame(draw);
    }
  };
  const zoom = (factor, at = { x: now.x + now.width / 2, y: now.y + now.height / 2 }) => {
    const width = Math.min(whole.width, Math.max(whole.width / 12, now.width * factor));
    const grown = width / now.width;
    now.x = at.x - (at.x - now.x) * grown;
    now.y = at.y - (at.y - now.y) * grown;
    now.width = width;
    now.height *= grown;
    show();
  };
  const move = (across, along) => {
    now.x += across;
    now.y += along;
    show();
  };
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return {
      x: now.x + ((event.clientX - box.left) / box.width) * now.width,
      y: now.y + ((event.clientY - box.top) / box.height) * now.height,
    };
  };

  // Without the key the wheel scrolls the page, as everywhere.
  holder.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.85 : 1 / 0.85, place(event));
  }, { passive: false });

  let held = null;
  holder.addEventListener("pointerdown", (event) => {
    if (now.width < whole.width && event.isPrimary) {
      held = { x: event.clientX, y: event.clientY };
      holder.setPointerCapture(event.pointerId);
    }
  });
  holder.addEventListener("pointermove", (event) => {
    if (!held || !event.isPrimary) return;
    const box = svg.getBoundingClientRect();
    move(((held.x - event.clientX) / box.width) * now.width, ((held.y - event.clientY) / box.height) * now.height);
    held = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) holder.addEventListener(end, () => { held = null; });

  const step = () => now.width / 8;
  const keys = {
    ArrowLeft: () => move(-step(), 0),
    ArrowRight: () => move(step(), 0),
    ArrowUp: () => move(0, -step()),
    ArrowDown: () => move(0, step()),
    "+": () => zoom(0.8),
    "=": () => zoom(0.8),
    "-": () => zoom(1.25),
    0: () => zoom(100),
  };
  holder.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  holder.tabIndex = 0;
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", holder.dataset.move);

  const tools = document.getElementById("zoom");
  tools.hidden = false;
  const factors = { in: 0.7, out: 1 / 0.7, all: 100 };
  tools.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-zoom]");
    if (asked) zoom(factors[asked.dataset.zoom]);
  });
}

/** Make a PNG of the picture that the server draws, three times as fine as it is shown. */
async function png(link) {
  const picture = new Image();
  picture.src = link.href;
  await picture.decode();
  const canvas = document.createElement("canvas");
  const scale = 1600 / picture.naturalWidth;
  canvas.width = 1600;
  canvas.height = Math.round(picture.naturalHeight * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  const sent = document.createElement("a");
  sent.href = URL.createObjectURL(made);
  sent.download = link.dataset.name;
  sent.click();
  setTimeout(() => URL.revokeObjectURL(sent.href), 10_000);
}

/** Go through the kept maps by a slider: it says which one, and shows it when it is let go. */
function sliding(slider, choice) {
  const slide = slider.querySelector("input");
  const says = slider.querySelector("#slide-says");
  const options = [...choice.options].reverse();
  const chosen = options.findIndex((one) => one.defaultSelected);
  slide.value = chosen < 0 ? options.length - 1 : chosen;
  const tell = () => {
    says.textContent = options[slide.value].textContent;
    slide.setAttribute("aria-valuetext", says.textContent);
  };
  slide.addEventListener("input", tell);
  slide.addEventListener("change", () => {
    const there = new URL(location.href);
    there.searchParams.set("version", options[slide.value].value);
    there.hash = "time";
    location.assign(there);
  });
  tell();
  slider.hidden = options.length < 2;
}

if (view?.querySelector("svg.map")) {
  movable(view);
  for (const link of document.querySelectorAll(".group-choice [data-group]")) {
    // Whoever points at a group's border may choose it there as well.
    view.querySelector(`path[data-group="${link.dataset.group}"]`)?.addEventListener("click", () => link.click());
  }
}
const link = document.getElementById("png");
if (link) {
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    png(link);
  });
}
const slider = document.getElementById("slider");
if (slider) sliding(slider, document.getElementById("version"));

/** Draw an area by hand: the server is asked what the people in it have in common. The form beside it does the same. */
function drawing(button) {
  const svg = document.querySelector(".map-view svg.map");
  const holder = svg.parentElement;
  const says = button.parentElement.querySelector("[data-how]");
  let corners = null;
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * Number(holder.dataset.width), ((event.clientY - box.top) / box.height) * Number(holder.dataset.height)].map((one) => one.toFixed(1));
  };
  const show = () => {
    for (const line of svg.querySelectorAll("polygon")) line.setAttribute("points", corners.map((one) => one.join(",")).join(" "));
  };
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", on);
    holder.classList.toggle("is-drawn-on", on);
    says.textContent = on ? says.dataset.how : "";
  });
  holder.addEventListener("pointerdown", (event) => {
    if (button.getAttribute("aria-pressed") !== "true" || !event.isPrimary) return;
    event.preventDefault();
    holder.setPointerCapture(event.pointerId);
    corners = [place(event)];
  });
  holder.addEventListener("pointermove", (event) => {
    if (!corners || !event.isPrimary) return;
    corners.push(place(event));
    show();
  });
  holder.addEventListener("pointercancel", () => { corners = null; });
  holder.addEventListener("pointerup", () => {
    if (!corners || corners.length < 3) {
      corners = null;
      return;
    }
    // The server takes two hundred corners; a line of more keeps its shape with each of so many.
    const each = Math.ceil(corners.length / 150);
    const kept = corners.filter((_, at) => at % each === 0);
    location.assign(`${button.dataset.area}?corners=${encodeURIComponent(kept.map((one) => one.join(",")).join(" "))}#area-found`);
  });
  button.parentElement.hidden = false;
}
const byHand = document.querySelector("[data-area]");
if (byHand) drawing(byHand);
