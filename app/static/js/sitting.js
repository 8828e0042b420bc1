// A sitting: its live parts are fetched again every 15 seconds; fields that are filled in are in none of them.
// It looks for: [data-live]; [data-with-script] is shown and [data-without-script] hidden; an element with data-reload is loaded as a page once its state has changed.
const SECONDS = 15;
const parts = () => [...document.querySelectorAll("[data-live]")];

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts()) {
      const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (fresh && part.dataset.reload !== fresh.dataset.reload) return location.reload();
      // a button that has the focus stays under the finger
      if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // no connection: it is tried again
  }
}

for (const note of document.querySelectorAll("[data-with-script]")) note.hidden = false;
for (const note of document.querySelectorAll("[data-without-script]")) note.hidden = true;
setInterval(look, SECONDS * 1000);
document.addEventListener("visibilitychange", look);
