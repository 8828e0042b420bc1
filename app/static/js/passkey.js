// A passkey: asks the server what to sign, lets the browser sign it, and sends the answer by the form around the button.
// It looks for: [data-passkey="get" or "create"] with data-options (address), in a form with a field "credential".
const read = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const write = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (c) => ({ "+": "-", "/": "_" })[c] ?? "");
const keys = (list = []) => list.map((key) => ({ ...key, id: read(key.id) }));

async function ask({ passkey, options }) {
  const head = { "X-CSRF-Token": document.querySelector("[name=csrf]").content, "Content-Type": "application/json" };
  const asked = await (await fetch(options, { method: "POST", headers: head, body: "{}" })).json();
  asked.challenge = read(asked.challenge);
  if (asked.user) asked.user.id = read(asked.user.id);
  for (const name of ["allowCredentials", "excludeCredentials"]) asked[name] = keys(asked[name]);
  const { id, type, response } = await navigator.credentials[passkey]({ publicKey: asked });
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) said[name] = write(response[name]);
  return JSON.stringify({ id, type, rawId: id, response: said });
}

if (window.PublicKeyCredential) for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { form } = button;
    try {
      form.credential.value = await ask(button.dataset);
      form.action = button.formAction;
      form.submit();
    } catch { document.querySelector("#passkey-failed").hidden = false; }
  });
}
