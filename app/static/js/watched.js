// A watched check in the browser: answers go to the server at once and are stored nowhere else. The forms work without it.
// It looks for: [data-attempt]; one section [data-question][data-sequence] with a form[data-kind]; [data-unsaved];
// [data-state] sentences; [data-seconds-left], [data-five-minutes], form[data-end].
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const { attempt } = one("[data-attempt]").dataset;
const section = one("[data-question]");
const form = one("form", section);
const question = Number(section.dataset.question);
const device = crypto.getRandomValues(new Uint16Array(1))[0];
const other = /^(csrf_token|certainty|marked|step)$/; // what a form sends beside the answer's own fields
const PATIENCE = 20000; // milliseconds
let highest = Number(section.dataset.sequence);
let token = one('meta[name="csrf"]').content;
let timer, pause = 2;
let changed = false, sending = false;

function say(name) {
  for (const state of all("[data-state]")) state.hidden = state.dataset.state !== name;
  one("[data-unsaved]").hidden = name !== "page";
}

function read() {
  const values = new FormData(form), fields = {};
  for (const [name, value] of values) if (!other.test(name) && value.trim()) (fields[name] ??= []).push(value);
  const body = Object.keys(fields)[0] ? { fields } : null;
  // a counter above every number known, and 16 bits of this device: two devices never have the same number
  highest = (Math.floor(highest / 65536) + 1) * 65536 + device;
  return { question, sequence: highest, body, certainty: null, marked: values.has("marked") };
}

function post(save) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE);
  return fetch(`/attempts/${attempt}/saves`, {
    method: "POST",
    keepalive: true,
    signal: patience.signal,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify({ saves: [save] }),
  });
}

async function push() {
  clearTimeout(timer);
  if (sending || !changed || !form.checkValidity()) return;
  sending = true;
  changed = false;
  const done = await push_once();
  sending = false;
  if (done === "sent") {
    pause = 2;
    if (changed) return push();
    return say("saved");
  }
  changed = true;
  say("page");
  timer = setTimeout(push, pause * 1000);
  pause = Math.min(pause * 2, 30);
}

async function push_once() {
  try {
    const response = await post(read());
    if (response.status === 403) return leave((await response.json()).back);
    const answer = response.ok || response.status === 409 ? await response.json() : null;
    highest = Math.max(highest, answer?.highest ?? 0);
    if (!response.ok) return "failed";
    if (typeof answer.seconds_left === "number") ends = performance.now() + answer.seconds_left * 1000;
    if (answer.ended) return leave(`/attempts/${attempt}/result`);
    return "sent";
  } catch {
    return "failed";
  }
}

function leave(to) {
  location.href = to;
  return "sent";
}

function note(wait) {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(push, wait);
}

// two lines of an order never share a place: the one that had it takes the place that became free
const selects = form.dataset.kind === "order" ? all("select", form) : [];
const remember = () => { for (const select of selects) select.dataset.was = select.value; };
remember();
form.addEventListener("change", ({ target }) => {
  const twin = selects.includes(target) && selects.find((each) => each !== target && each.value && each.value === target.value);
  if (twin) twin.value = target.dataset.was ?? "";
  remember();
  note(0);
});
form.addEventListener("input", ({ target }) => { if (target.matches("textarea, input.input")) note(900); });
// the form itself carries the answer: nothing is sent twice after it
form.addEventListener("submit", () => { clearTimeout(timer); changed = false; });
addEventListener("pagehide", () => { if (changed && form.checkValidity()) post(read()); });
addEventListener("online", () => { pause = 2; push(); });

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
    await push();
    await ask();
    if (left() <= 0) one("form[data-end]").submit();
    else ending = false;
  }, 1000);
}

/** Ask the server for the time left: an invigilator may have added minutes. A fresh token comes along. */
async function ask() {
  try {
    const response = await fetch(`/attempts/${attempt}/state`, { headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (response.status === 403) leave(answer.back);
    if (!response.ok) return;
    token = answer.csrf;
    if (typeof answer.seconds_left === "number") ends = performance.now() + answer.seconds_left * 1000;
  } catch {
    // no connection: the page counts on by itself
  }
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
setInterval(ask, 60000);
