// The editors of lessons and cases (a case has no field for the title): toolbar, live preview with the problems of the
// text, automatic saving to the server and, except on a shared computer, to this device until the server has the text.

import { dropDraft, keepDraft, readDraft } from "./drafts.js";
import { usePictures } from "./pictures.js";

const root = document.querySelector("[data-editor]");
const form = root.querySelector("form");
const { body, opened } = form.elements;
const title = form.elements.title ?? { value: "" };
const output = root.querySelector("[data-output]");
const state = root.querySelector("[data-state]");
const toolbar = root.querySelector("[data-toolbar]");
const shared = document.documentElement.dataset.shared === "yes";
const token = document.querySelector("meta[name=csrf]").content;
const page = location.pathname;
const PREVIEW_PAUSE = 400; // milliseconds without typing
const SAVE_PAUSE = 2500;
const PRESENCE = 30000;
const RETRY = 10000;

let unsaved = false;
let saving = false;
let conflict = false;
let previewTimer = 0;
let previewing = false;
let previewAgain = false;
let saveTimer = 0;

function show(name, value = "") {
  if (state) state.textContent = (state.dataset[name] ?? "").replace(/\{\w+\}/, value);
}

async function post(url) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify({ title: title.value, body: body.value, opened: opened.value }),
  });
}

async function preview() {
  if (previewing) {
    previewAgain = true;
    return;
  }
  previewing = true;
  await showPreview();
  previewing = false;
  if (previewAgain) {
    previewAgain = false;
    preview();
  }
}

async function showPreview() {
  const response = await post(root.dataset.preview).catch(() => null);
  if (!response?.ok) return;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  output.replaceChildren(...parsed.body.childNodes);
}

function showOthers(aliases) {
  const line = document.querySelector("[data-others]");
  line.hidden = aliases.length === 0;
  if (aliases.length) line.lastElementChild.lastChild.textContent = state.dataset.others.replace("{aliases}", aliases.join(", "));
}

function takeText(answer, sent) {
  // what was typed while the request was under way stays; the next save combines it again
  if (title.value !== sent.title || body.value !== sent.body) return false;
  const position = body.selectionStart;
  [title.value, body.value] = [answer.title, answer.body];
  body.setSelectionRange(position, position);
  return true;
}

function accept(answer, sent) {
  if (answer.state === "conflict") {
    conflict = true;
    show("conflict");
    return;
  }
  const isMerged = answer.state === "merged";
  if (isMerged && !takeText(answer, sent)) {
    plan();
    return;
  }
  opened.value = answer.opened;
  unsaved = title.value !== (isMerged ? answer.title : sent.title) || body.value !== (isMerged ? answer.body : sent.body);
  if (!unsaved) dropDraft(page);
  show(isMerged ? "merged" : "saved", answer.time);
  if (isMerged) preview();
}

async function save() {
  if (!root.dataset.autosave || saving || conflict) return;
  saving = true;
  show("saving");
  const sent = { title: title.value, body: body.value };
  const response = await post(root.dataset.autosave).catch(() => null);
  saving = false;
  if (response?.ok) {
    const answer = await response.json();
    showOthers(answer.others);
    accept(answer, sent);
    if (unsaved) plan();
  } else if (response && response.status < 500) {
    show(response.status === 413 ? "long" : "refused");
  } else {
    show(shared ? "offlineShared" : "offline");
    saveTimer = setTimeout(save, RETRY);
  }
}

function plan() {
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, SAVE_PAUSE);
}

function changed() {
  unsaved = true;
  keepDraft(page, { title: title.value, body: body.value, opened: opened.value });
  clearTimeout(previewTimer);
  previewTimer = setTimeout(preview, PREVIEW_PAUSE);
  plan();
}

function insert(text, start, end) {
  body.focus();
  body.setSelectionRange(start, end);
  // execCommand keeps the undo history of the field
  if (!document.execCommand("insertText", false, text)) body.setRangeText(text, start, end, "end");
  changed();
}

function wrap(before, after) {
  const { selectionStart: start, selectionEnd: end } = body;
  const selected = body.value.slice(start, end);
  insert(before + selected + after, start, end);
  const position = start + before.length;
  body.setSelectionRange(position, position + selected.length);
}

function startLines(mark) {
  const start = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
  const end = body.selectionEnd;
  const lines = body.value.slice(start, end).split("\n");
  insert(lines.map((line) => mark + line).join("\n"), start, end);
}

function insertBlock(text) {
  const { selectionStart, selectionEnd: end } = body;
  const slot = text.search(/\n\/\/\/$/); // where the text of a fenced block is typed; a selection becomes its text
  const start = slot < 0 ? end : selectionStart;
  const gap = start && !body.value.slice(0, start).endsWith("\n\n") ? "\n\n" : "";
  const selected = body.value.slice(start, end);
  const cut = Math.max(slot, 0);
  insert(`${gap}${text.slice(0, cut)}${selected}${text.slice(cut)}\n\n`, start, end);
  const position = start + gap.length + cut;
  if (slot >= 0) body.setSelectionRange(position, position + selected.length);
}

function press(button) {
  const { before, after, lineStart, block } = button.dataset;
  if (before) wrap(before, after);
  else if (lineStart) startLines(lineStart);
  else insertBlock(block);
}

function goToLine(number) {
  const lines = body.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  if (number < 1) title.focus?.();
  else {
    body.focus();
    body.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  }
}

function toggle(selector, apply) {
  const button = root.querySelector(selector);
  button?.addEventListener("click", () => {
    const pressed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", pressed);
    apply(pressed);
  });
}

// as the server stores a text: without spaces around the title, and without empty lines around the text
const asStored = ({ title, body }) => JSON.stringify([title, body.replace(/^(\s*\n)+|(\n\s*)+$/g, "")].map((text) => text.trim().normalize()));

function restore() {
  const stored = readDraft(page);
  const shown = { title: title.value, body: body.value };
  if (!stored || asStored(stored) === asStored(shown)) return dropDraft(page);
  [title.value, body.value, opened.value] = [stored.title, stored.body, stored.opened];
  show("restored");
  changed();
}

if (root.dataset.autosave) {
  toolbar.hidden = false;
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button:not([data-picture])");
    if (button) press(button);
  });
  usePictures(body, insertBlock);
  body.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const button = toolbar.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (event.key.toLowerCase() === "s") form.requestSubmit();
    else if (button) press(button);
    else return;
    event.preventDefault();
  });
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => { unsaved = false; clearTimeout(saveTimer); });
  addEventListener("online", save);
  addEventListener("beforeunload", (event) => { if (unsaved && shared) event.preventDefault(); });
  setInterval(() => { if (!document.hidden) save(); }, PRESENCE);
  if (root.dataset.answer === "no") restore();
}
for (const control of root.querySelectorAll("[data-script]")) control.hidden = false;
toggle("[data-width]", (pressed) => output.classList.toggle("phone", pressed));
toggle("[data-direction]", () => {
  const article = output.querySelector("article");
  if (article) article.dir = article.dir === "rtl" ? "ltr" : "rtl";
});
output.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  goToLine(Number(link.dataset.line));
});
