// Forms with data-drafts (the editor of a question, the translation desk): automatic saving to the server at data-autosave
// ("" for a new question) and, except on a shared computer, to this device until the server has the text.

import { dropDraft, keepDraft, readDraft } from "./drafts.js";

const form = document.querySelector("form[data-drafts]");
const state = form.querySelector("[data-state]");
const shared = document.documentElement.dataset.shared === "yes";
const token = document.querySelector("meta[name=csrf]").content;
const page = location.pathname + location.search;
const SAVE_PAUSE = 2500; // milliseconds without typing
const RETRY = 10000;

let unsaved = false;
let saving = false;
let conflict = false;
let timer = 0;

function show(name, value = "") {
  state.textContent = (state.dataset[name] ?? "").replace(/\{\w+\}/, value);
}

function fields() {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
}

function own(values) {
  // what the form was opened with is no text of the user
  return JSON.stringify(values.filter(([name]) => !name.startsWith("opened")));
}

function accept(answer, sent) {
  for (const [name, value] of Object.entries(answer.opened)) form.elements[name].value = value;
  unsaved = own(fields()) !== own(sent);
  if (answer.state === "conflict") conflict = true;
  else if (answer.state !== "refused" && !unsaved) dropDraft(page);
  else keepDraft(page, { fields: fields() });
  show(answer.state === "refused" ? "reason" : answer.state, answer.message || answer.time);
}

async function save() {
  if (!form.dataset.autosave || !unsaved || saving || conflict) return;
  saving = true;
  show("saving");
  const sent = fields();
  const response = await fetch(form.dataset.autosave, {
    method: "POST", headers: { "X-CSRF-Token": token }, body: new URLSearchParams(sent),
  }).catch(() => null);
  saving = false;
  if (response?.ok && !response.redirected) {
    accept(await response.json(), sent);
    if (unsaved) plan();
  } else if (response && response.status < 500) {
    show("refused");
  } else {
    show(shared ? "offlineShared" : "offline");
    timer = setTimeout(save, RETRY);
  }
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_PAUSE);
}

function changed() {
  unsaved = true;
  keepDraft(page, { fields: fields() });
  plan();
}

function fill(stored) {
  const values = new Map();
  for (const [name, value] of stored) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    const found = values.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = found.includes(control.value);
    else if (found.length) control.value = found[0];
  }
}

function restore() {
  const stored = readDraft(page)?.fields;
  if (!stored || own(stored) === own(fields())) return dropDraft(page);
  // a form with fewer rows cannot show the text
  if (!stored.every(([name]) => form.elements[name])) return;
  fill(stored);
  show("restored");
  changed();
}

form.addEventListener("input", changed);
form.addEventListener("submit", () => {
  unsaved = false;
  clearTimeout(timer);
  // the page of the saved question has another address
  if (!form.dataset.autosave) dropDraft(page);
});
addEventListener("online", save);
addEventListener("beforeunload", (event) => { if (unsaved && shared) event.preventDefault(); });
if (form.dataset.drafts === "restore") restore();
