// A test in the browser: every answer is kept on the device at once, sent, and shown as saved only when acknowledged.
// It looks for: [data-attempt]; sections [data-question][data-sequence] with a form[data-kind] each; links [data-goto];
// forms with data-locks (an answer is explained once it is sent, then locked; "stop": it may end at any time) or data-locked; [data-offline] notices;
// [data-state] sentences; [data-numbers] with its labels; .way circles; [data-seconds-left], [data-five-minutes], form[data-end].
import { keep, look, send, waiting } from "./outbox.js";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const root = one("[data-attempt]");
const { attempt } = root.dataset;
const device = crypto.getRandomValues(new Uint16Array(1))[0];
const sections = all("[data-question]");
const forms = new Map(sections.map((section) => [Number(section.dataset.question), one("form", section)]));
const sequences = new Map(sections.map(({ dataset }) => [Number(dataset.question), Number(dataset.sequence)]));
const labels = one("[data-numbers]")?.dataset;
let highest = Math.max(0, ...sequences.values());
// what a form sends beside the answer's own fields
const other = /^(csrf_token|certainty|marked|step)$/;
// again: the line came back while a request of the dead one still hung
let pause = 2, timer, typing, sending, again;
// answers that are explained when the line is back
const unlocked = new Set();

function say(name) {
  for (const state of all("[data-state]")) state.hidden = state.dataset.state !== name;
}

// a counter above every number known, and 16 bits of this device: two devices never have the same number
function number(question) {
  highest = (Math.floor(highest / 65536) + 1) * 65536 + device;
  sequences.set(question, highest);
  return highest;
}

const isLocked = (form) => "locked" in form.dataset;
const isAnswered = (form) => isLocked(form) || !!read(form).body;

function read(form) {
  const values = new FormData(form), fields = {};
  for (const [name, value] of values) if (!other.test(name) && value.trim()) (fields[name] ??= []).push(value);
  const body = Object.keys(fields)[0] ? { fields } : null;
  return { body, certainty: Number(values.get("certainty")) || null, marked: values.has("marked") };
}

function fill(form, { body: given, certainty, marked }) {
  const fields = { ...given?.fields, certainty: [`${certainty}`], marked: marked ? ["y"] : [] };
  for (const input of form.elements) {
    if (!input.name || /hidden|submit/.test(input.type)) continue;
    const values = fields[input.name] ?? [];
    if (/box|radio/.test(input.type)) input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
}

function save(question) {
  clearTimeout(typing);
  const form = forms.get(question);
  if (!form.checkValidity()) return say("page");
  const stored = keep(attempt, { question, sequence: number(question), ...read(form) });
  say(stored ? "device" : "page");
  mark(question);
  push();
}

async function push() {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  again = false;
  const { outcome, answer, seconds = 0, highest: counted } = await send(attempt);
  sending = false;
  highest = counted ?? highest;
  if (outcome !== "sent") {
    say(outcome === "signed-out" ? outcome : "waits");
    timer = setTimeout(push, again ? 0 : Math.max(pause, seconds) * 1000);
    pause = Math.min(pause * 2, 30);
    return;
  }
  pause = 2;
  offline(false);
  heed(answer);
  if (waiting(attempt).length) push();
  else {
    say("saved");
    explain().catch(() => {});
  }
}

function heed(answer) {
  if (answer?.ended) location.href = `/attempts/${attempt}/result`;
  if (typeof answer?.seconds_left === "number") ends = performance.now() + answer.seconds_left * 1000;
  highest = Math.max(highest, ...Object.values(answer?.sequences ?? {}));
}

function mark(question) {
  const form = forms.get(question);
  const given = isAnswered(form);
  const { marked } = read(form);
  const name = given && marked ? "both" : given ? "done" : marked ? "marked" : "open";
  for (const link of all(`.grid-nav [data-goto="${question}"]`)) {
    link.classList.toggle("done", !!given);
    link.classList.toggle("marked", marked);
    link.setAttribute("aria-label", labels[name].replace("{n}", question));
  }
}

function way(question, label) {
  const circles = all(".way circle");
  if (!circles.length) return;
  circles.forEach((circle, n) => {
    circle.setAttribute("class", n + 1 === question ? "h" : isAnswered(forms.get(n + 1)) ? "d" : "");
    circle.setAttribute("r", n + 1 === question ? 7 : 6);
  });
  const reach = circles.reduce((far, circle, n) => (circle.getAttribute("class") ? n : far), 0);
  one(".way .on").setAttribute("x2", `${(100 * reach) / (circles.length - 1)}%`);
  one(".way").setAttribute("aria-label", label);
}

function show(question, push_state = true) {
  if (!forms.has(question)) return false;
  for (const section of sections) section.hidden = Number(section.dataset.question) !== question;
  for (const link of all(".grid-nav [data-goto]")) link.removeAttribute("aria-current");
  for (const link of all(`.grid-nav [data-goto="${question}"]`)) link.setAttribute("aria-current", "step");
  const section = forms.get(question).parentElement;
  way(question, section.getAttribute("aria-label"));
  if (push_state) history.pushState(question, "", `/attempts/${attempt}/${question}`);
  const heading = one("h1", section);
  heading.tabIndex = -1;
  heading.focus();
  scrollTo(0, 0);
  return true;
}

// what waits here from before a reload or a new sign-in is put back into the page, then sent
for (const entry of waiting(attempt)) {
  const form = forms.get(entry.question);
  if (!form || isLocked(form) || entry.sequence < sequences.get(entry.question)) continue;
  sequences.set(entry.question, entry.sequence);
  highest = Math.max(highest, entry.sequence);
  fill(form, entry);
  mark(entry.question);
}

// two lines of an order never share a place: the one that had it takes the place that became free
function swap(form, select) {
  const other = all("select", form).find((each) => each !== select && each.value && each.value === select.value);
  if (other) other.value = select.dataset.was ?? "";
  remember(form);
}

function remember(form) {
  for (const select of all("select", form)) select.dataset.was = select.value;
}

for (const [question, form] of forms) {
  const isOrder = form.dataset.kind === "order";
  if (isOrder) remember(form);
  form.addEventListener("change", (event) => {
    if (isOrder && event.target.matches("select")) swap(form, event.target);
    save(question);
  });
  form.addEventListener("input", (event) => {
    clearTimeout(typing);
    if (event.target.matches("textarea, input.input")) typing = setTimeout(save, 900, question);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ends = event.submitter?.value === "check";
    if ("locks" in form.dataset && read(form).body && !(ends && form.dataset.locks)) lock(question);
    else if (ends || !show(question + 1)) leave();
  });
}

// a redirect means that the server was reached, whatever it says
async function reached() {
  try {
    await fetch(`/attempts/${attempt}/state`, { method: "HEAD", redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

/** Submit unsaved answers, then call `on`. Without a connection, show a message and call `without`. */
async function go(on, without) {
  const { outcome } = await send(attempt);
  if (outcome === "sent" && (await reached())) {
    offline(false);
    on();
    return;
  }
  if (outcome !== "sent") say(outcome === "signed-out" ? outcome : "waits");
  offline(outcome !== "signed-out");
  if (outcome !== "signed-out") without?.();
}

function offline(is) {
  const stored = document.documentElement.dataset.shared !== "yes";
  one("[data-offline]").hidden = !is || !stored;
  one("[data-offline-shared]").hidden = !is || stored;
}

const leave = () => go(() => { location.href = `/attempts/${attempt}/check`; });

/** Send the form itself: the server explains the answer and locks it. Without a connection the next question opens. */
function lock(question) {
  const form = forms.get(question);
  keep(attempt, { question, sequence: number(question), ...read(form) });
  go(() => form.submit(), () => {
    unlocked.add(question);
    mark(question);
    show(question + 1);
  });
}

/** The line is back: lock the answers given meanwhile, and put their explanations into the page. */
async function explain() {
  for (const question of unlocked) {
    const { action, parentElement: section } = forms.get(question);
    const response = await fetch(action, { method: "POST", body: new FormData(forms.get(question)) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const form = one(`[data-question="${question}"] form[data-locked]`, page);
    if (!form) return;
    section.replaceChildren(form);
    forms.set(question, form);
    unlocked.delete(question);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-goto]");
  if (link && !event.ctrlKey && !event.metaKey && show(Number(link.dataset.goto))) event.preventDefault();
});
addEventListener("popstate", () => show(Number(location.pathname.split("/").pop()), false));
addEventListener("online", () => {
  pause = 2;
  again = true;
  push();
});
// another tab of this browser answers meanwhile: what comes later here must bear a higher number
addEventListener("storage", ({ key, newValue }) => {
  if (newValue && key.startsWith(`outbox:${attempt}:`)) highest = Math.max(highest, JSON.parse(newValue).sequence);
});
document.addEventListener("keydown", (event) => {
  if (!/^[1-9]$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey || event.target.matches(".input")) return;
  all('section:not([hidden]) [name^="choice"]')[event.key - 1]?.click();
});

// another device may have gone on, or this one slept: ask the server when the page is looked at again
const ask = async () => heed(await look(attempt));
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

// the documents of all questions are open or folded together
addEventListener("toggle", ({ target }) => {
  if (target.matches("[data-papers]")) for (const papers of all("[data-papers]")) papers.open = target.open;
}, true);

// the page counts down the seconds that the server sent, by performance.now(): a user can set the clock of the device
const clock = one("[data-seconds-left]");
let ends = clock ? performance.now() + clock.dataset.secondsLeft * 1000 : 0;
if (clock) {
  const words = one("[data-minutes]", clock);
  const format = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" });
  const left = () => Math.ceil((ends - performance.now()) / 1000);
  let ending = false;
  setInterval(async () => {
    words.textContent = format.format(Math.max(0, Math.ceil(left() / 60)));
    one("[data-five-minutes]").hidden = left() > 300;
    if (left() > 0 || ending) return;
    ending = true;
    const { outcome } = await send(attempt);
    await ask();
    if (outcome === "sent" && left() <= 0) one("form[data-end]").submit();
    else setTimeout(() => { ending = false; }, 10000);
  }, 1000);
}

if (waiting(attempt).length) { say("device"); push(); }
