// A passkey: asks the server what to sign, lets the browser sign it, and sends the answer by the form around the button.
// It looks for: [data-passkey="get" or "create"] with data-options (address), in a form with a field "credential".
const read = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const write = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (sign) => ({ "+": "-", "/": "_" })[sign] ?? "");
const keys = (list = []) => list.map((key) => ({ ...key, id: read(key.id) }));

async function ask({ passkey, options }) {
  const head = { "X-CSRF-Token": document.querySelector("[name=csrf]").content, "Content-Type": "application/json" };
  const publicKey = await (await fetch(options, { method: "POST", headers: head, body: "{}" })).json();
  publicKey.challenge = read(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = read(publicKey.user.id);
  for (const name of ["allowCredentials", "excludeCredentials"]) publicKey[name] = keys(publicKey[name]);
  const { id, type, rawId, response } = await navigator.credentials[passkey]({ publicKey });
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = write(response[name]);
  }
  return JSON.stringify({ id, type, rawId: write(rawId), response: said });
}

if (window.PublicKeyCredential) for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      button.form.credential.value = await ask(button.dataset);
      button.form.action = button.formAction;
      button.form.submit();
    } catch { document.querySelector("#passkey-failed").hidden = false; }
  });
}
