// The form of a check-in: without a connection the code is kept with its time and sent later.

import { keepPost } from "./later.js";
import { sendPosts } from "./outbox.js";

const form = document.querySelector("form[data-check-in]");
const state = form.querySelector("[data-state]");
const shared = document.documentElement.dataset.shared === "yes";

form.addEventListener("submit", (event) => {
  if (navigator.onLine || !form.elements.code.value.trim()) return;
  event.preventDefault();
  state.textContent = shared ? form.dataset.shared : form.dataset.later;
  if (shared) return;
  const body = { code: form.elements.code.value, taken_at: new Date().toISOString() };
  // one check-in waits: a second press replaces it
  keepPost({ key: "check-in", url: form.dataset.checkIn, body });
});

addEventListener("posted", ({ detail }) => {
  if (detail.key !== "check-in") return;
  // refused: the message stays; else the page shows the state of the check-in
  if (detail.answer.status === "refused") state.textContent = detail.answer.text;
  else location.assign("/check-in");
});
sendPosts();
