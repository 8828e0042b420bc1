// A test in the browser: every answer is kept on the device at once, sent, and shown as saved only when acknowledged.
import { keep, send, waiting } from "./outbox.js";

const root = document.querySelector("[data-attempt]");
const attempt = root.dataset.attempt;
const device = crypto.getRandomValues(new Uint16Array(1))[0];
const states = document.querySelectorAll("[data-state]");
const sections = [...document.querySelectorAll("[data-question]")];
let pause = 2;
let timer;
let sending = false;

const forms = new Map(sections.map((section) => [Number(section.dataset.question), section.querySelector("form")]));
const sequences = new Map(sections.map((section) => [Number(section.dataset.question), Number(section.dataset.sequence)]));

function say(name) {
  for (const state of states) state.hidden = state.dataset.state !== name;
}

function next(question) {
  const highest = Math.max(...sequences.values(), 0);
  const sequence = (Math.floor(highest / 65536) + 1) * 65536 + device;
  sequences.set(question, sequence);
  return sequence;
}

function read(form) {
  const fields = new FormData(form);
  const certainty = fields.get("certainty");
  return { body: body(form, fields), certainty: certainty === null || certainty === "" ? null : Number(certainty), marked: fields.has("marked") };
}

function body(form, fields) {
  switch (form.dataset.kind) {
    case "several": {
      const places = fields.getAll("choices").map(Number);
      return places.length || form.dataset.touched ? { places } : null;
    }
    case "order": {
      if (!form.dataset.touched) return null;
      const rows = [...form.querySelectorAll("[data-entry]")];
      return { places: rows.map((row) => Number(row.dataset.entry)) };
    }
    default:
      return fields.has("choice") ? { place: Number(fields.get("choice")) } : null;
  }
}

function save(question) {
  const form = forms.get(question);
  const stored = keep(attempt, { question, sequence: next(question), ...read(form) });
  say(stored ? "device" : "page");
  mark(question);
  push();
}

async function push() {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  const { outcome, answer } = await send(attempt);
  sending = false;
  if (outcome === "sent") {
    pause = 2;
    say("saved");
    if (answer?.ended) location.href = `/attempts/${attempt}/result`;
    if (typeof answer?.seconds_left === "number") left = answer.seconds_left;
    if (waiting(attempt).length) push();
  } else {
    say(outcome === "signed-out" ? "signed-out" : "waits");
    timer = setTimeout(push, pause * 1000);
    pause = Math.min(pause * 2, 30);
  }
}

function mark(question) {
  const { body: given, marked } = read(forms.get(question));
  for (const link of document.querySelectorAll(`[data-goto="${question}"]`)) {
    link.classList.toggle("done", given !== null);
    link.classList.toggle("marked", marked);
    const word = link.querySelector("[data-words]");
    if (word) word.textContent = given !== null ? word.dataset.answered : word.dataset.open;
  }
}

function show(question, push_state = true) {
  if (!forms.has(question)) return false;
  for (const section of sections) section.hidden = Number(section.dataset.question) !== question;
  for (const link of document.querySelectorAll("[data-goto]")) {
    if (Number(link.dataset.goto) === question) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  document.querySelectorAll("[data-here]").forEach((here) => { here.hidden = Number(here.dataset.here) !== question; });
  if (push_state) history.pushState(question, "", `/attempts/${attempt}/${question}`);
  const heading = forms.get(question).closest("[data-question]").querySelector("h1, h2, legend");
  if (heading) { heading.tabIndex = -1; heading.focus(); }
  scrollTo(0, 0);
  return true;
}

// what waits here from before a reload or a new sign-in is put back into the page, then sent
for (const entry of waiting(attempt)) {
  const form = forms.get(entry.question);
  if (!form || entry.sequence < sequences.get(entry.question)) continue;
  sequences.set(entry.question, entry.sequence);
  fill(form, entry);
  mark(entry.question);
}

function fill(form, { body: given, certainty, marked }) {
  form.dataset.touched = "yes";
  const places = given?.places ?? (given ? [given.place] : []);
  if (form.dataset.kind === "order") places.forEach((place) => { const row = form.querySelector(`[data-entry="${place}"]`); row?.parentElement.append(row); });
  else for (const box of form.querySelectorAll('[name="choice"], [name="choices"]')) box.checked = places.includes(Number(box.value));
  for (const box of form.querySelectorAll('[name="certainty"]')) box.checked = String(certainty) === box.value;
  for (const box of form.querySelectorAll('[name="marked"]')) box.checked = marked;
}

for (const [question, form] of forms) {
  form.addEventListener("change", (event) => {
    if (event.target.name !== "certainty" && event.target.name !== "marked") form.dataset.touched = "yes";
    save(question);
  });
  form.addEventListener("submit", (event) => {
    const go = event.submitter?.value ?? "next";
    const [move, place] = go.split(":");
    if (move === "up" || move === "down") {
      event.preventDefault();
      shift(form, place, move);
      form.dataset.touched = "yes";
      save(question);
    } else if (move === "next" && forms.has(question + 1)) {
      event.preventDefault();
      save(question);
      show(question + 1);
    } else if (move === "next" || move === "check") {
      event.preventDefault();
      save(question);
      leave(`/attempts/${attempt}/check`);
    }
  });
}

function shift(form, place, move) {
  const row = form.querySelector(`[data-entry="${place}"]`);
  const other = move === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (other) other[move === "up" ? "before" : "after"](row);
  form.querySelector(`[data-entry="${place}"] [value="${move}:${place}"]`)?.focus();
}

async function leave(address) {
  const { outcome } = await send(attempt);
  if (outcome === "sent") location.href = address;
  else say(outcome === "signed-out" ? "signed-out" : "waits");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-goto]");
  if (link && show(Number(link.dataset.goto))) event.preventDefault();
});
addEventListener("popstate", () => show(Number(location.pathname.split("/").pop()), false));
addEventListener("online", push);
document.addEventListener("keydown", (event) => {
  if (!/^[1-9]$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  const form = sections.find((section) => !section.hidden)?.querySelector("form");
  form?.querySelectorAll('[name="choice"], [name="choices"]')[Number(event.key) - 1]?.click();
});

// one clock, the server's: the page only counts down what the server said
const clock = document.querySelector("[data-seconds-left]");
let left = clock ? Number(clock.dataset.secondsLeft) : null;
if (clock) {
  const words = clock.querySelector("[data-minutes]");
  const format = new Intl.NumberFormat(document.documentElement.lang);
  setInterval(() => {
    left -= 1;
    words.textContent = format.format(Math.max(0, Math.ceil(left / 60)));
    if (left === 300) document.querySelector("[data-five-minutes]").hidden = false;
    if (left === 0) send(attempt).then(() => document.querySelector("form[data-end]").submit());
  }, 1000);
}

if (waiting(attempt).length) { say("device"); push(); }
