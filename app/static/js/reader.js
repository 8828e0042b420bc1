// A lesson: go back to the paragraph where the reader stopped, and remember how far they are.
const text = document.querySelector("[data-place]");
const address = text.dataset.address;
const blocks = [...text.querySelectorAll('[id^="h-"]')].filter((block) => /^h-\d+$/.test(block.id));
const number = (block) => Number(block.id.slice(2));
let kept = Number(text.dataset.place);

if (kept && !location.hash) document.getElementById(`h-${kept}`)?.scrollIntoView();

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

let timer;
addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(keep, 3000); }, { passive: true });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
addEventListener("pagehide", keep);
