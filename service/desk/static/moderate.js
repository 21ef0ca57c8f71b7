// Deciding by keyboard: single keys work while a statement has the focus, and nowhere else (WCAG 2.1.4).

const queue = document.getElementById("queue");
const told = document.getElementById("told");
const toldText = document.getElementById("told-text");
const undoForm = document.getElementById("undo-form");
const mark = queue?.elements.mark.value;
const acts = { s: "visible", h: "hidden", w: "waiting" };
let undone = [];

const rows = () => [...queue.querySelectorAll(".statements-to-do > li:not([hidden])")];
const current = () => document.activeElement?.closest?.(".statements-to-do > li");

function goTo(row) {
  if (!row) return;
  for (const one of queue.querySelectorAll('.statements-to-do > li[tabindex="0"]')) one.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
}

function beside(row, step) {
  const all = rows();
  return all[all.indexOf(row) + step];
}

async function send(address, fields) {
  const body = new URLSearchParams({ mark, ...fields });
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.json();
}

function say(text, { undo = "" } = {}) {
  told.hidden = false;
  toldText.textContent = text;
  undoForm.hidden = !undo;
  undoForm.elements.undo.value = undo;
}

function count(state, by) {
  for (const place of document.querySelectorAll(`[data-count="${state}"]`)) {
    const number = Number(place.textContent.replace(/\D/g, "")) + by;
    place.textContent = new Intl.NumberFormat(document.documentElement.lang).format(number);
  }
}

function decide(row, state) {
  const reason = queue.elements.reason.value;
  return settle(row, state, location.pathname, { one: row.dataset.statement, act: state, reason });
}

function merge(row) {
  const pair = row.querySelector('[name="pair"]')?.value;
  return pair && settle(row, "hidden", queue.dataset.merge, { pair });
}

async function settle(row, state, address, fields) {
  const before = row.dataset.state;
  if (row.dataset.busy || (before === state && !fields.pair)) return;
  row.dataset.busy = "yes";
  const next = beside(row, 1) ?? beside(row, -1);
  try {
    const done = await send(address, fields);
    row.dataset.state = state;
    row.hidden = true;
    undone.push({ row, before, state, undo: done.undo });
    count(before, -1);
    count(state, 1);
    say(done.told ?? queue.dataset.decided.replace("{state}", queue.dataset[state]), { undo: done.undo });
    queue.elements.reason.value = "";
    if (next) goTo(next);
    else location.reload();
  } catch {
    say(queue.dataset.failed);
  } finally {
    delete row.dataset.busy;
  }
}

async function takeBack() {
  const last = undone.pop();
  if (!last) return;
  try {
    await send(undoForm.action, { undo: last.undo });
    last.row.dataset.state = last.before;
    last.row.hidden = false;
    count(last.state, -1);
    count(last.before, 1);
    say(queue.dataset.undone, { undo: undone.at(-1)?.undo ?? "" });
    goTo(last.row);
  } catch {
    say(queue.dataset.failed);
  }
}

const onKey = {
  ArrowDown: (row) => goTo(beside(row, 1)),
  ArrowUp: (row) => goTo(beside(row, -1)),
  j: (row) => goTo(beside(row, 1)),
  k: (row) => goTo(beside(row, -1)),
  m: (row) => merge(row),
  x: (row) => row.querySelector(".pick").click(),
  e: (row) => location.assign(row.dataset.edit),
  r: () => queue.elements.reason.focus(),
  u: () => takeBack(),
};

queue?.addEventListener("keydown", (event) => {
  if (event.target === queue.elements.reason && event.key === "Enter") {
    // In the field a new line means: done, back to the statement.
    event.preventDefault();
    goTo(queue.querySelector('.statements-to-do > li[tabindex="0"]') ?? rows()[0]);
    return;
  }
  const row = event.target.closest(".statements-to-do > li");
  if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = acts[event.key];
  if (!act && !onKey[event.key]) return;
  event.preventDefault();
  if (act) decide(row, act);
  else onKey[event.key](row);
});

queue?.addEventListener("focusin", (event) => {
  const row = event.target.closest(".statements-to-do > li");
  if (row && row === event.target) {
    for (const one of queue.querySelectorAll('.statements-to-do > li[tabindex="0"]')) if (one !== row) one.tabIndex = -1;
    row.tabIndex = 0;
  }
});

undoForm.addEventListener("submit", (event) => {
  if (!undone.length) return;
  event.preventDefault();
  takeBack();
});

if (queue && !current()) rows()[0]?.focus({ preventScroll: true });
