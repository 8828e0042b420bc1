// The attendance list of a session: this device keeps it, by alias, for its page without a connection, and sends it when
// the connection is back. Without a connection the page itself is the one of the service worker: the list is built here.
// It looks for: form[data-list], its selects and [data-state]; on the other page, [data-lists].

import { keepList, keepPost, readList } from "./later.js";
import { posts, sendPosts } from "./outbox.js";

const page = location.pathname;
const shared = document.documentElement.dataset.shared === "yes";
let form = document.querySelector("form[data-list]");
const offline = document.querySelector("[data-lists]");

const marks = () => Object.fromEntries([...form.querySelectorAll("select")]
  .filter((select) => select.value).map((select) => [select.name.replace("mark-", ""), select.value]));

/** Return the list as this device keeps it: aliases, no country and no name. */
function listOf() {
  const selects = [...form.querySelectorAll("select")];
  return {
    key: crypto.randomUUID(),
    url: form.dataset.list,
    title: document.querySelector("h1").textContent,
    session: form.dataset.session,
    seen: Number(form.elements.seen.value),
    texts: { ...form.dataset },
    button: form.querySelector("button").textContent.trim(),
    options: [...selects[0].options].filter(({ value }) => value).map(({ value, text }) => [value, text]),
    people: selects.map((select) => [select.name, select.dataset.alias]),
    values: marks(),
    reason: form.elements.reason ? form.elements.reason.value : null,
    why: form.elements.reason ? form.querySelector("label[for=reason]").textContent : "",
  };
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Build the kept list as a form, on the page without a connection. */
function build(list) {
  const rows = list.people.map(([name, alias]) => {
    const select = element("select", { id: name, name }, element("option", { value: "" }, "-"));
    const chosen = list.values[name.replace("mark-", "")];
    for (const [value, text] of list.options) select.append(element("option", { value, selected: value === chosen }, text));
    return element("p", {}, element("label", { htmlFor: name }, element("bdi", {}, alias)), " ", select);
  });
  form = element("form", { method: "post" }, element("h2", {}, list.title), element("p", {}, list.session), ...rows);
  if (list.reason !== null) form.append(element("p", {}, element("label", { htmlFor: "reason" }, list.why), " ", element("input", { id: "reason", name: "reason", value: list.reason, maxLength: 300 })));
  const state = element("p", {});
  state.dataset.state = "";
  state.setAttribute("role", "status");
  form.append(element("button", {}, list.button), state);
  offline.replaceChildren(form);
}

const say = (text) => { form.querySelector("[data-state]").textContent = text; };

function remember() {
  list.values = marks();
  if (form.elements.reason) list.reason = form.elements.reason.value;
  if (!shared) keepList(page, list);
}

function save(event) {
  remember();
  if (!offline && navigator.onLine) return;
  event.preventDefault();
  if (shared) return say(list.texts.shared);
  if (posts().some(({ key, tried }) => key === list.key && tried)) list.key = crypto.randomUUID();
  remember();
  const { key, url, seen, values, reason } = list;
  const body = { key, last_shown: seen, marks: values, reason: reason ?? "", taken_at: new Date().toISOString() };
  say(keepPost({ key, url, body }) ? list.texts.kept : list.texts.full);
  sendPosts();
}

const waiting = readList(page);
if (offline && waiting) build(waiting);
const list = form && (waiting && (offline || posts().some(({ key }) => key === waiting.key)) ? waiting : listOf());
if (form) {
  if (!offline && !shared) keepList(page, list);
  form.addEventListener("input", remember);
  form.addEventListener("submit", save);
  addEventListener("posted", ({ detail }) => {
    if (detail.key !== list.key) return;
    say(detail.answer.text);
    // the saved list is shown by the server; a refused one stays to be read
    if (detail.answer.status === "saved") location.replace(page);
  });
}
