// Before handing in or signing out: what waits on this device goes first.
import { empty, send, waiting } from "./outbox.js";

const handIn = document.querySelector("form[data-hand-in]");
handIn?.addEventListener("submit", async (event) => {
  const { attempt } = handIn.dataset;
  if (!waiting(attempt).length) return;
  event.preventDefault();
  const { outcome } = await send(attempt);
  if (outcome === "sent") handIn.submit();
  else document.querySelector("[data-waits]").hidden = false;
});

// every page sends what is left from earlier: an answer may wait from before a new sign-in
if (!handIn) for (const attempt of waiting().keys()) send(attempt);

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.sure) { empty(); return; }
    event.preventDefault();
    for (const attempt of waiting().keys()) await send(attempt);
    if (waiting().size) {
      form.dataset.sure = "yes";
      form.querySelector("button").textContent = form.dataset.loses;
    } else { empty(); form.submit(); }
  });
}
