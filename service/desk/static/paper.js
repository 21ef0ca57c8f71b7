// Ballots typed in by keyboard only; what is typed stands in the text field below, a line for each ballot.

const form = document.getElementById("entry");
const lines = document.getElementById("lines");
const ballot = document.getElementById("ballot");
const marks = document.getElementById("marks");
const said = document.getElementById("said");
const rows = [...(marks?.querySelectorAll("li") ?? [])];
const letters = { a: "a", e: "a", d: "d", o: "d", p: "p", g: "p", " ": ".", ".": "." };
const words = form && { a: form.dataset.agree, d: form.dataset.disagree, p: form.dataset.pass, ".": form.dataset.blank };
const signs = { a: "✓", d: "✕", p: "–", ".": "·" };
let typed = "";

const numbers = () => lines.value.split("\n").map((line) => line.trim().split(/[\s:;,]+/)[0]).filter(Boolean);

function show() {
  rows.forEach((row, place) => {
    const mark = typed[place];
    row.querySelector(".marked").textContent = mark ? `${signs[mark]} ${words[mark]}` : "";
    row.classList.toggle("now", place === typed.length);
  });
  rows[Math.min(typed.length, rows.length - 1)].scrollIntoView({ block: "nearest" });
}

function say(text) {
  said.textContent = text;
}

function following(number) {
  return number.replace(/\d+$/, (digits) => String(Number(digits) + 1).padStart(digits.length, "0"));
}

function keep() {
  const number = ballot.value.trim();
  if (!ballot.checkValidity() || !number || numbers().includes(number)) {
    say(form.dataset.taken.replace("{ballot}", number));
    ballot.focus();
    return;
  }
  lines.value = `${lines.value.trimEnd()}\n${number} ${typed}`.trimStart();
  typed = "";
  ballot.value = following(number);
  say(form.dataset.next.replace("{ballot}", number).replace("{next}", ballot.value).replace("{n}", numbers().length));
  marks.scrollTop = 0;
  show();
}

if (form) {
  document.getElementById("fast").hidden = false;
  document.getElementById("as-lines").open = false;
  while (numbers().includes(ballot.value)) ballot.value = following(ballot.value);
  ballot.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    marks.focus();
  });
  marks.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = letters[event.key.toLowerCase()];
    if (letter && typed.length < rows.length) {
      typed += letter;
      say(`${typed.length}: ${words[letter]}`);
    } else if (event.key === "Backspace") typed = typed.slice(0, -1);
    else if (event.key === "Enter") keep();
    else return;
    event.preventDefault();
    show();
  });
  // What was typed is in this page only, until it is saved.
  window.addEventListener("beforeunload", (event) => {
    if (lines.value !== lines.defaultValue && !form.dataset.sent) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    form.dataset.sent = "yes";
  });
  show();
  marks.focus();
}
