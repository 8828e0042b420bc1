// The page before handing in: answers that wait on this device go out first.
import { send, waiting } from "./outbox.js";

const handIn = document.querySelector("form[data-hand-in]");
handIn.addEventListener("submit", async (event) => {
  const { attempt } = handIn.dataset;
  if (!waiting(attempt).length) return;
  event.preventDefault();
  const { outcome } = await send(attempt);
  if (outcome === "sent") handIn.submit();
  else document.querySelector("[data-waits]").hidden = false;
});
