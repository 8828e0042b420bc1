// A lesson: one part at a time, its steps kept on the device until the server has them, and the next lesson without the
// frame around it, which is on the screen already.
import { keepStep, sendSteps } from "./outbox.js";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const number = (block) => Number(block.id.slice(2));
const due = new Map(); // steps on their way, by key: what to do with a result, what to do without a connection
let text, path, blocks, parts, current, kept, opened, ahead, stopped;

function open() {
  text = one("[data-place]");
  path = text.dataset.address.replace(/\/place$/, "");
  blocks = all('[id^="h-"]', text).filter((block) => /^h-\d+$/.test(block.id));
  parts = all(".part", text);
  kept = Number(text.dataset.place);
  opened = Date.now();
  ahead = stopped = null;
  current = -1;
  reveal(document.getElementById(`h-${kept}`));
}

/** Show the part that holds what the address names, else `other`, else the first one. */
function reveal(other) {
  const target = (location.hash && document.getElementById(location.hash.slice(1))) || other;
  const found = parts.findIndex((part) => part.contains(target));
  show(found < 0 ? Math.max(current, 0) : found);
  target?.scrollIntoView();
}

function show(place) {
  if (place === current) return;
  current = place;
  const last = place === parts.length - 1;
  parts.forEach((part, n) => part.toggleAttribute("data-away", n !== place));
  one(".lessonbar .at").textContent = parts[place].dataset.at;
  all(".lessonbar circle").forEach((circle, n) => circle.setAttribute("class", n < place ? "d" : n > place ? "" : "h"));
  one(".lessonbar .on")?.setAttribute("x2", `${(100 * place) / (parts.length - 1)}%`);
  one(".onward").classList.toggle("ahead", !last);
  const form = one("form[data-turn]"), button = one("[data-onward]");
  button.hidden = false;
  button.textContent = last ? form.dataset.short : one(".pause a", parts[place]).textContent;
  if (last && place) load(form.dataset.ahead);
}

function top() {
  const own = blocks.filter((block) => parts[current].contains(block));
  const found = own.find((block) => block.getBoundingClientRect().bottom > 80) ?? own[own.length - 1];
  return found && (scrollY > 0 || current > 0) ? number(found) : 0;
}

const spot = (place, part = current) => save("part", { place: `${place}`, part: `${part + 1}`, parts: `${parts.length}` });

/** Note the place on the device; it goes out with the next step, or when the page is left. */
function keep() {
  const place = top();
  if (place === kept || stopped) return;
  kept = place;
  spot(place);
}

/** After a scroll: keep the place; who scrolls in a lesson of one part is on the way to the next lesson. */
function rest() {
  keep();
  if (parts.length === 1) load(one("form[data-turn]").dataset.ahead);
}

function save(kind, fields) {
  return keepStep({ kind, token: text.dataset.token, spent: Math.round((Date.now() - opened) / 1000), fields });
}

function say(name, form) {
  for (const state of all("#line [data-state]")) state.hidden = state.dataset.state !== name;
  let said = one(".said", form);
  if (!said) {
    said = document.createElement("span");
    said.className = "said small quiet";
    said.setAttribute("role", "status");
    (one(".actions", form) ?? form).append(said);
  }
  said.textContent = one(`#line [data-state="${name}"]`).textContent;
  said.scrollIntoView({ block: "nearest" });
}

/** Send a step of a form; say first where it is kept. */
function take({ key, stored }, form, heard, unheard) {
  due.set(key, { form, heard, unheard: () => (stored ? unheard() : say("unsaved", form)) });
  say(stored ? "device" : "page", form);
  sendSteps();
}

function check(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (value && !["csrf_token", "press", "token"].includes(name)) {
      fields[name] = name in fields ? [fields[name], value].flat() : value;
    }
  }
  if (Object.keys(fields).length < 2) return say("choose", form);
  take(save("check", fields), form, ({ html }) => {
    if (!html) return say("refused", form);
    one("section", form)?.remove();
    one(".actions", form).before(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    say("saved", form);
    one("section", form).scrollIntoView({ block: "nearest" });
    one("section h2", form).focus({ preventScroll: true });
  }, () => say("answer", form));
}

function finish(form) {
  stopped = true; // the place is at the next lesson from here on
  take(save("done", {}), form, ({ status, state, next }) => {
    if (status === "refused") return say("refused", form);
    if (!form.dataset.next) location.href = next;
    else turn(next, true, state === "looked_through");
  }, () => (ahead ? turn(form.dataset.next) : say("next", form)));
}

function stop(form) {
  const step = spot(one("[name=place]", form).value, current + 1);
  stopped = true;
  take(step, form, () => { location.href = text.dataset.course; }, () => say("stopped", form));
}

/** Bring the next lesson while there is a line; it stays in this page alone. */
async function load(url) {
  if (!url || ahead !== null) return;
  ahead = "";
  const mine = text;
  try {
    const response = await fetch(url, { headers: { "X-Part": "main" } });
    if (response.headers.has("X-Part") && mine === text) ahead = await response.text();
  } catch {
    // without a connection the next lesson comes later
  }
}

/** Show the lesson of an address in place of this one; the browser goes there itself when that is no lesson. */
async function turn(url, push = true, looked = false) {
  let html = ahead;
  const loaded = Boolean(html && url.endsWith(one("form[data-turn]").dataset.next ?? " "));
  if (!loaded) {
    try {
      const response = await fetch(url, { headers: { "X-Part": "main" } });
      if (!response.headers.has("X-Part")) throw 0;
      html = await response.text();
    } catch {
      location.href = url;
      return;
    }
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  one("#main").replaceWith(page.getElementById("main"));
  due.clear();
  if (push) history.pushState(null, "", url);
  document.title = page.title;
  scrollTo(0, 0);
  open();
  if (loaded) one(".rail .here")?.previousElementSibling?.classList.add("done");
  const heading = one("#main h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  if (looked) one("#live").textContent = one('[data-state="looked"]').textContent;
}

open();
let timer;
addEventListener("steps", ({ detail: { results, gone } }) => {
  if (!results) for (const { form, unheard } of due.values()) gone ? say("signed-out", form) : unheard();
  for (const result of results ?? []) {
    const step = due.get(result.key);
    due.delete(result.key);
    step?.heard(result);
  }
});
addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(rest, 3000); }, { passive: true });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") { keep(); sendSteps(true); } });
addEventListener("pagehide", () => { keep(); sendSteps(true); });
addEventListener("popstate", () => { if (location.pathname !== path) turn(location.href, false); });
addEventListener("hashchange", () => {
  const before = current;
  reveal(parts[0]);
  if (current === before) return;
  kept = number(one("[id^=h-]", parts[current]));
  spot(kept);
  sendSteps();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-onward]")) (one(".pause a", parts[current]) ?? one("form[data-turn] button")).click();
  if (event.target.closest('a[href="#parts"]')) one(".parts details")?.setAttribute("open", "");
  const link = event.target.closest("a[data-turn]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  keep();
  sendSteps();
  turn(link.href);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const act = form.matches(".is-check") ? check : form.matches(".pause") ? stop : form.dataset.turn === "" ? finish : null;
  if (!act) return;
  event.preventDefault();
  act(form);
});
