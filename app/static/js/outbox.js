// Answers of tests and steps in lessons that the server has not acknowledged yet: on this device, one entry each, an
// answer under the attempt's random id and its question, a step under a random key of its own.
// On a shared computer nothing is stored: they live as long as the page. Every page loads this: an answer may wait from
// before a new sign-in, and goes before handing in or signing out.

const PREFIX = "outbox:";
const STEPS = "step:";
export const DRAFTS = "draft:";
export const POSTS = "post:";
export const LISTS = "list:";
const DAYS = 14;
// milliseconds
const PATIENCE = 20000;
const memory = new Map();
const shared = document.documentElement.dataset.shared === "yes";

export const store = {
  get: (key) => (shared ? null : localStorage.getItem(key)) ?? memory.get(key),
  set(key, value) {
    memory.set(key, value);
    if (shared) return false;
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      // no room, or storage switched off: the entry stays in the page
      return false;
    }
  },
  remove(key) {
    memory.delete(key);
    // where nothing can be stored, nothing was
    try { localStorage.removeItem(key); } catch {}
  },
  keys(prefix = PREFIX) {
    const found = new Set(memory.keys());
    // storage may be off
    if (!shared) try { for (const key of Object.keys(localStorage)) found.add(key); } catch {}
    return [...found].filter((key) => key.startsWith(prefix));
  },
  read(key) {
    let entry;
    try { entry = JSON.parse(this.get(key)); } catch { entry = null; }
    if (entry && Date.now() - entry.at <= DAYS * 86400000) return entry;
    this.remove(key);
    return null;
  },
};

const key = (attempt, question) => `${PREFIX}${attempt}:${question}`;

/** Keep an entry {question, sequence, body, certainty, marked}; return whether the device stored it. */
export function keep(attempt, entry) {
  return store.set(key(attempt, entry.question), JSON.stringify({ ...entry, at: Date.now() }));
}

/** Return the entries of an attempt, or of all as a Map from attempt to entries. */
export function waiting(attempt) {
  const all = new Map();
  for (const name of store.keys()) {
    const owner = name.slice(PREFIX.length, name.lastIndexOf(":"));
    const entry = store.read(name);
    if (!entry) continue;
    if (!all.has(owner)) all.set(owner, []);
    all.get(owner).push(entry);
  }
  return attempt ? all.get(attempt) ?? [] : all;
}

/** Forget an entry that was acknowledged, unless a newer one took its place meanwhile. */
export function forget(attempt, question, sequence) {
  const name = key(attempt, question);
  const entry = JSON.parse(store.get(name) ?? "null");
  if (entry && entry.sequence <= sequence) store.remove(name);
}

/** Forget everything of this person: at sign-out. What another one's attempt waits for stays for them. */
export function empty(others = new Set()) {
  store.keys().filter((name) => !others.has(name.slice(PREFIX.length, name.lastIndexOf(":")))).forEach(store.remove);
  steps().forEach(({ key }) => store.remove(STEPS + key));
  [DRAFTS, POSTS, LISTS].forEach((prefix) => store.keys(prefix).forEach(store.remove));
}

let token = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Number entries again from the server's highest number on, each with its device's own 16 bits; the store follows. */
function renumber(attempt, entries, highest) {
  return [...entries].sort((a, b) => a.sequence - b.sequence).map((entry, place) => {
    const sequence = (Math.floor(highest / 65536) + 1 + place) * 65536 + (entry.sequence % 65536);
    const newer = waiting(attempt).some((other) => other.question === entry.question && other.sequence > entry.sequence);
    if (!newer) keep(attempt, { ...entry, sequence });
    return { ...entry, sequence };
  });
}

/** Send what waits of an attempt. Returns {outcome: "sent" | "offline" | "signed-out" | "gone", answer, seconds to wait, highest number if new}. */
export async function send(attempt, entries = waiting(attempt), again = false) {
  if (!entries.length) return { outcome: "sent" };
  const saves = entries.map(({ question, sequence, body, certainty, marked }) => ({ question, sequence, body, certainty, marked }));
  const post = () => request(`/attempts/${attempt}/saves`, { saves });
  try {
    let response = await post();
    // a page that was open for long, or a new sign-in: ask for a fresh token once
    if (response.status === 400) {
      if (!(await look(attempt))) return { outcome: "signed-out" };
      response = await post();
    }
    // one entry that the server cannot take must not hold back the others
    if (response.status === 400 && entries.length > 1) {
      const results = [];
      for (const entry of entries) results.push(await send(attempt, [entry]));
      return results.find(({ outcome }) => outcome !== "sent") ?? results.pop();
    }
    if (response.status === 401) return { outcome: "signed-out" };
    if (response.status === 404) return { outcome: "gone" };
    // too many in a minute: the server says when to go on
    if (response.status === 429) return { outcome: "offline", seconds: Number(response.headers.get("Retry-After")) || 60 };
    const answer = response.ok || response.status === 409 ? await response.json() : null;
    // numbers far above those that the server knows are refused: count on from there, once
    if (answer?.code === "number-too-high" && !again) {
      const renumbered = renumber(attempt, entries, answer.highest);
      return { ...(await send(attempt, renumbered, true)), highest: Math.max(...renumbered.map((entry) => entry.sequence)) };
    }
    if (!response.ok) return { outcome: "offline" };
    for (const [question, sequence] of [...answer.kept, ...answer.late]) forget(attempt, question, sequence);
    return { outcome: "sent", answer };
  } catch {
    return { outcome: "offline" };
  }
}

/** Post a body. A line can hang for minutes without breaking; what arrived all the same is counted once. */
function request(url, body) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE);
  return fetch(url, {
    method: "POST",
    keepalive: true,
    signal: patience.signal,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
    body: JSON.stringify(body),
  });
}

/** Ask the server how the attempt stands; null when nobody is signed in or the line is down. A fresh token comes along. */
export async function look(attempt) {
  try {
    const response = await fetch(`/attempts/${attempt}/state`, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return null;
    const answer = await response.json();
    token = () => answer.csrf;
    return answer;
  } catch {
    return null;
  }
}

// steps that the server does not take from the person signed in
const foreign = new Set();
const steps = () => store.keys(STEPS).map((name) => store.read(name)).filter((step) => step && !foreign.has(step.key));

/** Keep a step {kind, token, spent, fields}; of the places in a lesson the last one. Return its key, and whether the device stored it. */
export function keepStep(step) {
  for (const { kind, key, token: page } of steps()) if (kind === "part" && step.kind === kind && step.token === page) store.remove(STEPS + key);
  const key = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const entry = { ...step, key, done_at: new Date().toISOString(), at: Date.now() };
  return { key, stored: store.set(STEPS + key, JSON.stringify(entry)) };
}

let queue = Promise.resolve(), later, pause = 2;

/** Send the steps that wait, after those under way; the event "steps" brings the results, or none and whether nobody is signed in. */
export function sendSteps(now) {
  clearTimeout(later);
  // a page that is left waits for nothing: what goes out twice is counted once
  return now === true ? push() : queue = queue.then(() => push());
}

async function push(single) {
  const waits = steps().slice(0, single ? 1 : 50);
  if (!waits.length) return;
  const body = { steps: waits.map(({ at, ...step }) => step) };
  let results, gone, seconds = pause;
  try {
    let response = await request("/lessons/steps", body);
    gone = response.status === 401 || (response.status === 400 && !(await renew()));
    if (response.status === 400 && !gone) response = await request("/lessons/steps", body);
    if (gone) results = null;
    else if (response.ok) ({ results } = await response.json());
    // one step that the server cannot read must not hold back the others
    else if (response.status === 400 && waits[1]) return push(true);
    else if (response.status === 400) results = [{ key: waits[0].key, status: "refused" }];
    else seconds = Number(response.headers.get("Retry-After")) || pause;
  } catch {
    // no connection: it is tried again
  }
  for (const { key, reason } of results ?? []) reason === "token" ? foreign.add(key) : store.remove(STEPS + key);
  pause = results ? 2 : Math.min(pause * 2, 30);
  if (!results) later = setTimeout(sendSteps, seconds * 1000);
  dispatchEvent(new CustomEvent("steps", { detail: { results, gone } }));
  if (results && steps().length) return push();
}

/** Take a fresh token from a small page; return whether somebody is signed in. */
async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch("/about/support")).text(), "text/html");
  token = () => page.querySelector('meta[name="csrf"]').content;
  return page.querySelector("[data-sign-out]");
}

export const posts = () => store.keys(POSTS).map((name) => store.read(name)).filter(Boolean);
let posting = Promise.resolve();

/** Send the check-ins and lists that wait, one after the other; the event "posted" brings the answer to each. */
export function sendPosts() {
  return posting = posting.then(async () => { for (const entry of posts()) await sendPost(entry); });
}

async function sendPost(entry) {
  const { key, url, body } = entry;
  if (!navigator.onLine) return;
  // from now on it may have arrived: a changed one needs another key
  store.set(POSTS + key, JSON.stringify({ ...entry, tried: true }));
  let answer;
  try {
    let response = await request(url, body);
    if (response.status === 400 && await renew()) response = await request(url, body);
    const done = response.ok || response.status === 409 || response.status === 400;
    // no user or another user is signed in: keep the entry for its owner
    if (!done || response.redirected) return;
    answer = response.status === 400 ? { status: "refused", text: "" } : await response.json();
  } catch {
    // no connection: it is tried again
    return;
  }
  store.remove(POSTS + key);
  dispatchEvent(new CustomEvent("posted", { detail: { key, answer } }));
}

// attempts that are not of the person signed in
const others = new Set();
for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.sure) { empty(others); return; }
    event.preventDefault();
    await sendSteps();
    await sendPosts();
    for (const attempt of waiting().keys()) if ((await send(attempt)).outcome === "gone") others.add(attempt);
    if (steps().length || posts().length || [...waiting().keys()].some((attempt) => !others.has(attempt))) {
      form.dataset.sure = "yes";
      form.querySelector("button").textContent = form.dataset.loses;
    } else { empty(others); form.submit(); }
  });
}

// a double click sends a form once: the second press would be refused, or undo what the first one brought
let sent;
addEventListener("submit", (event) => {
  if (event.target.method === "get") return;
  if (sent) event.preventDefault();
  else if (!event.defaultPrevented) sent = setTimeout(() => sent = 0, 3000);
});

// the page of an attempt sends its own answers by itself
for (const attempt of waiting().keys()) if (!document.querySelector(`[data-attempt="${attempt}"]`)) send(attempt);
sendSteps();
sendPosts();
addEventListener("online", () => { pause = 2; sendSteps(); sendPosts(); });

// our own page in place of the browser's when a page does not come; nothing of it stays on a shared computer
const workers = navigator.serviceWorker;
const script = `/sw.js?lang=${document.documentElement.lang}`;
if (shared) {
  workers?.getRegistrations().then((all) => all.forEach((each) => each.unregister()));
  self.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
} else if (workers && !workers.controller?.scriptURL.endsWith(script)) {
  addEventListener("load", () => workers.register(script, { updateViaCache: "all" }).catch(() => {}));
}

// five minutes before the session ends the page says so, if the server agrees: another page may have been busy meanwhile.
// To ask keeps nothing awake; the press of the button does, and a look at the page after a while
const ends = document.querySelector("#ends");
if (ends) {
  const [soon, out] = ends.querySelectorAll("p"), stay = ends.querySelector("button");
  let { idle, left } = ends.dataset, told = Date.now(), asking = 0;
  const rest = (seconds) => seconds - (Date.now() - told) / 1000;
  const until = () => rest(Math.min(idle, left));
  const show = () => {
    soon.hidden = !out.hidden;
    stay.hidden = soon.hidden || rest(left) < 300;
    ends.hidden = out.hidden && (until() <= 0 || until() >= 300);
    out.querySelector("a").search = new URLSearchParams({ next: location.pathname + location.search });
  };
  const ask = async (how = "") => {
    ends.dataset.asking = asking += 1;
    try {
      const answer = await fetch(`/settings/session${how}`, { redirect: "manual" });
      // it leads to the sign-in page when nobody is signed in
      out.hidden = answer.type !== "opaqueredirect";
      if (answer.ok) {
        ({ idle, left } = await answer.json());
        told = Date.now();
      }
    } catch {
      // the line is dead: what was told last counts
    }
    ends.dataset.asking = asking -= 1;
    show();
  };
  stay.addEventListener("click", () => ask("?stay=1"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && rest(60) < 0) ask("?stay=1"); });
  // a line can hang for minutes: meanwhile the page counts by itself
  setInterval(() => {
    if (!document.hidden && out.hidden && until() < 300) asking ? show() : ask();
  }, 20000);
}
