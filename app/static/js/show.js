// Shows what is typed into a password's field on demand. It looks for: input[data-show], whose value is the button's word.
for (const input of document.querySelectorAll("[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = input.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  const pair = document.createElement("span");
  pair.className = "with-show";
  input.replaceWith(pair);
  pair.append(input, button);
}
