// Drag a lesson to another position in the outline of a course; the buttons of each row do the same without a script.

const list = document.querySelector("[data-outline]");
let dragged = null;

function position(row) {
  return [...list.children].indexOf(row) + 1;
}

function send(row) {
  const button = row.querySelector("button[name=position]");
  button.value = position(row);
  button.form.requestSubmit(button);
}

if (list) {
  let before = 0;
  for (const row of list.children) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      before = position(row);
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const half = row.getBoundingClientRect().top + row.offsetHeight / 2;
      row[event.clientY < half ? "before" : "after"](dragged);
    });
    row.addEventListener("dragend", () => {
      if (dragged && position(dragged) !== before) send(dragged);
      dragged = null;
    });
  }
}
