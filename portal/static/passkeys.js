// Passkeys: the browser asks the device, the answer goes into the form, and the form is sent like any other.
// Where the browser knows no passkeys, nothing of this is shown.
"use strict";

{
  const fromText = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0),
  );
  const toText = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const readKeys = (keys = []) => keys.map((key) => ({ ...key, id: fromText(key.id) }));

  function readOptions(options) {
    const read = { ...options, challenge: fromText(options.challenge) };
    if (options.user) read.user = { ...options.user, id: fromText(options.user.id) };
    if (options.excludeCredentials) read.excludeCredentials = readKeys(options.excludeCredentials);
    if (options.allowCredentials) read.allowCredentials = readKeys(options.allowCredentials);
    return read;
  }

  function writeAnswer(key) {
    const { response } = key;
    const said = { clientDataJSON: toText(response.clientDataJSON) };
    if (response.attestationObject) {
      said.attestationObject = toText(response.attestationObject);
      said.transports = response.getTransports?.() ?? [];
    } else {
      said.authenticatorData = toText(response.authenticatorData);
      said.signature = toText(response.signature);
      said.userHandle = toText(response.userHandle) ?? null;
    }
    return JSON.stringify({ id: key.id, rawId: toText(key.rawId), type: key.type, response: said });
  }

  async function askDevice(form) {
    const sent = await fetch(form.dataset.passkeyOptions, {
      method: "POST", headers: { "X-CSRFToken": token() }, redirect: "error",
    });
    if (!sent.ok) throw new Error("no challenge");
    const publicKey = readOptions(await sent.json());
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey })
      : navigator.credentials.get({ publicKey });
  }

  async function onPasskeyForm(event) {
    const form = event.target;
    const answer = form.querySelector?.("[name=credential], [name=proof_credential]");
    if (!form.dataset?.passkey || !answer || answer.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      answer.value = writeAnswer(await askDevice(form));
    } catch {
      tell(form.dataset.saysRefused);
      return;
    }
    form.requestSubmit();
  }

  function showPasskeys() {
    if (!window.PublicKeyCredential) return;
    for (const part of document.querySelectorAll("[data-passkey-part]")) part.hidden = false;
    for (const part of document.querySelectorAll("[data-passkey-lacking]")) part.hidden = true;
  }

  document.addEventListener("submit", onPasskeyForm, { capture: true });
  document.addEventListener("htmx:load", showPasskeys);
  document.addEventListener("DOMContentLoaded", showPasskeys);
}
