// The translation desk: Alt and an arrow key move between paragraphs; a phone shows a single one at a time.

const list = document.querySelector("[data-desk]");
const narrow = window.matchMedia("(max-width: 39.99em)");

function position() {
  return [...list.children].findIndex((block) => block.hasAttribute("data-current"));
}

function show(index, focus) {
  const block = list.children[Math.min(Math.max(index, 0), list.children.length - 1)];
  list.querySelector(":scope > [data-current]")?.removeAttribute("data-current");
  block.setAttribute("data-current", "");
  if (!focus) return;
  (block.querySelector("textarea") ?? block).focus({ preventScroll: true });
  block.scrollIntoView({ block: "start" });
}

function turn(step) {
  const next = position() + step;
  // beyond the first or last paragraph of the page, the button that saves and turns the page
  if (next in list.children) show(next, true);
  else document.querySelector(`[name=turn][value=${step > 0 ? "next" : "previous"}]`)?.click();
}

function fit() {
  list.classList.toggle("single", narrow.matches);
}

if (list?.children.length) {
  const target = list.querySelector(":scope > :target");
  show(target ? [...list.children].indexOf(target) : Number(list.dataset.first) - 1, false);
  fit();
  narrow.addEventListener("change", fit);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => turn(Number(button.dataset.step)));
  }
  list.addEventListener("focusin", (event) => {
    const block = event.target.closest("[data-desk] > li");
    if (block) show([...list.children].indexOf(block), false);
  });
  window.addEventListener("hashchange", () => {
    const block = list.querySelector(":scope > :target");
    if (block) show([...list.children].indexOf(block), true);
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!event.altKey || event.ctrlKey || event.metaKey || !step) return;
    event.preventDefault();
    turn(step);
  });
}
