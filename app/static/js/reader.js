// A lesson: go back to the paragraph where the reader stopped, remember how far they are, and bring the next lesson
// without the frame around it, which is on the screen already.

let text, address, blocks, kept;
const number = (block) => Number(block.id.slice(2));

function open() {
  text = document.querySelector("[data-place]");
  address = text.dataset.address;
  blocks = [...text.querySelectorAll('[id^="h-"]')].filter((block) => /^h-\d+$/.test(block.id));
  kept = Number(text.dataset.place);
}

function top() {
  const found = blocks.find((block) => block.getBoundingClientRect().bottom > 80);
  return found && scrollY > 0 ? number(found) : 0;
}

function keep() {
  const place = top();
  if (place === kept) return;
  kept = place;
  const fields = new FormData();
  fields.set("csrf_token", document.querySelector('meta[name="csrf"]').content);
  fields.set("place", place);
  navigator.sendBeacon(address, fields);
}

/** Show what an address answers in place of this lesson; the browser goes there itself when that is no lesson. */
async function turn(url, post, push = true) {
  let response;
  try {
    response = await fetch(url, { method: post ? "POST" : "GET", body: post, headers: { "X-Part": "main" } });
  } catch {
    if (!post) location.href = url;
    return Boolean(post); // a form that did not get through is sent by the browser, which says what is wrong
  }
  if (!response.headers.has("X-Part")) {
    location.href = response.url;
    return false;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  document.getElementById("main").replaceWith(page.getElementById("main"));
  open();
  if (push) history.pushState(null, "", address.replace(/\/place$/, ""));
  document.title = page.title;
  scrollTo(0, 0);
  const heading = document.querySelector("#main h1");
  heading.tabIndex = -1;
  heading.focus();
  return false;
}

open();
if (kept && !location.hash) document.getElementById(`h-${kept}`)?.scrollIntoView();
let timer;
addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(keep, 3000); }, { passive: true });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
addEventListener("pagehide", keep);
addEventListener("popstate", () => { if (!location.hash) turn(location.href, null, false); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-turn]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  keep();
  turn(link.href);
});
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-turn]");
  if (!form) return;
  event.preventDefault();
  if (await turn(form.action, new FormData(form))) form.submit();
});
