// Pictures in the lesson editor: a panel to choose one of the course or to add one; a pasted or dropped picture opens it.

const panel = document.querySelector("[data-pictures]");

function isPicture(file) {
  return file.type.startsWith("image/");
}

function pictureOf(transfer) {
  return [...(transfer?.files ?? [])].find(isPicture);
}

function showErrors(form, errors) {
  const lines = Object.entries(errors).map(([name, message]) => {
    form.elements[name]?.setAttribute("aria-invalid", "true");
    const line = document.createElement("p");
    line.textContent = message;
    return line;
  });
  panel.querySelector("[data-errors]").replaceChildren(...lines);
}

function clearErrors(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  panel.querySelector("[data-errors]").replaceChildren();
}

async function showLibrary() {
  const response = await fetch(panel.dataset.choice).catch(() => null);
  if (!response?.ok) return;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  panel.querySelector("[data-library]").replaceChildren(...parsed.body.childNodes);
}

function open(form, file) {
  clearErrors(form);
  if (file) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    form.elements.file.files = transfer.files;
  }
  panel.showModal();
  if (file) form.elements.description.focus();
  showLibrary();
}

async function add(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  button.disabled = false;
  clearErrors(form);
  const answer = await response?.json().catch(() => null);
  if (answer?.markdown) return answer.markdown;
  showErrors(form, answer?.errors ?? { file: response ? panel.dataset.refused : panel.dataset.offline });
  (form.querySelector("[aria-invalid]") ?? button).focus(); // a disabled button loses the focus
  return "";
}

export function usePictures(body, insert) {
  if (!panel) return;
  const form = panel.querySelector("form");
  let selection = [];
  const show = (file) => {
    selection = [body.selectionStart, body.selectionEnd];
    open(form, file);
  };
  const finish = (markdown) => {
    panel.close();
    form.reset();
    body.setSelectionRange(...selection); // a browser may lose it while the panel is open
    insert(markdown);
  };
  document.querySelector("[data-picture]").addEventListener("click", () => show());
  panel.querySelector("[data-close]").addEventListener("click", () => panel.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const markdown = await add(form);
    if (markdown) finish(markdown);
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-markdown]");
    if (button) finish(button.dataset.markdown);
  });
  body.addEventListener("paste", (event) => {
    const file = event.clipboardData.getData("text/plain") ? null : pictureOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    show(file);
  });
  body.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  body.addEventListener("drop", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    const file = pictureOf(event.dataTransfer);
    if (file) show(file);
  });
}
