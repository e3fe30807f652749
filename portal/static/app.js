// Small helps on top of pages that work without them. No page depends on this file.
"use strict";

const says = (name) => document.body.dataset[name] || "";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const isField = (node) => node?.matches?.("input, textarea, select, [contenteditable]");

function tell(text, kind = "error") {
  const line = document.createElement("p");
  line.className = `message ${kind}`;
  line.textContent = text;
  document.getElementById("messages")?.replaceChildren(line);
}

// --- Waiting: a sign after 300 ms, and a pressed button that cannot be pressed twice. ---

let waiting = 0;
let signTimer = null;

function beginWait() {
  waiting += 1;
  signTimer ??= setTimeout(() => document.body.classList.add("is-waiting"), 300);
}

function endWait() {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(signTimer);
  signTimer = null;
  document.body.classList.remove("is-waiting");
}

function setBusy(button, isBusy) {
  if (!button?.matches?.("button, input[type=submit]")) return;
  button.toggleAttribute("disabled", isBusy);
  if (isBusy) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

function onPlainSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.isSent) {
    event.preventDefault();
    return;
  }
  form.dataset.isSent = "1";
  beginWait();
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => setBusy(event.submitter, true));
  // A download answers without a new page; and after ten seconds one may try again, with the same form key.
  setTimeout(() => release(form, event.submitter), 10000);
}

function release(form, button) {
  delete form.dataset.isSent;
  setBusy(button, false);
  endWait();
}

// --- htmx: the token, what may be swapped, where focus goes. ---

const token = () => document.querySelector('meta[name="csrf-token"]')?.content || "";
const pressed = (event) => {
  const config = event.detail.requestConfig;
  return config?.triggeringEvent?.submitter || config?.elt;
};

document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
document.addEventListener("htmx:config:request", (event) => { event.detail.ctx.request.headers["X-CSRFToken"] = token(); });

document.addEventListener("htmx:beforeRequest", (event) => {
  beginWait();
  setBusy(pressed(event), true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  endWait();
  setBusy(pressed(event), false);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  // A refusal that the portal did not aim at the message area comes from something in front of it.
  if (xhr.status >= 400 && ![409, 422].includes(xhr.status) && !xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = false;
    if (!xhr.getResponseHeader("HX-Redirect")) tell(says("saysFailed"));
  }
});
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => tell(says("saysFailed")));

document.addEventListener("htmx:afterSettle", (event) => {
  const cause = event.detail.requestConfig?.triggeringEvent?.type;
  const { id } = event.detail.target;
  if (!["submit", "click"].includes(cause) || id === "messages") return;
  const part = document.getElementById(id) || event.detail.target;
  const first = part.querySelector("[data-takes-focus]") || part.querySelector("[aria-invalid=true]")
    || part.querySelector("[tabindex='-1']");
  first?.focus();
});

// --- Drafts that save themselves. ---

const nowText = () => new Intl.DateTimeFormat("da", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Copenhagen" })
  .format(new Date());

// What a form says of its draft; a form that is saved by the frame of the page has no place for it of its own.
function placeOfSaved(form) {
  const place = form.querySelector("[data-saved]") || Object.assign(document.createElement("p"), { className: "saved" });
  place.dataset.saved = "";
  if (!place.isConnected) form.append(place);
  return place;
}

// The form that is sent after all says which draft it was.
function nameDraft(form, key) {
  const field = form.elements.namedItem("kept") || Object.assign(document.createElement("input"), { type: "hidden", name: "kept" });
  field.value = key;
  form.append(field);
}

async function saveDraft(form) {
  const data = new FormData(form);
  data.set("draft_of", new URL(form.action).pathname);
  let isSaved = false;
  try {
    const answer = await fetch(form.dataset.autosaveUrl, {
      method: "POST", body: data, headers: { "X-CSRFToken": token() }, redirect: "error",
    });
    isSaved = answer.ok;
    const version = form.elements.namedItem("version");
    // Saving has made a new version of the draft; the form that is still open is a form of that one.
    if (isSaved && version && answer.headers.get("X-Version")) version.value = answer.headers.get("X-Version");
    if (isSaved && answer.headers.has("X-Kept")) nameDraft(form, answer.headers.get("X-Kept"));
  } catch { /* No connection: said below, and tried again at the next key. */ }
  placeOfSaved(form).textContent = isSaved ? `${says("saysSaved")} ${nowText()}` : says("saysNotSaved");
}

const draftTimers = new WeakMap();
const savings = new Map();

// One after the other: each saving is of the version that the one before has made.
function beginSaving(form) {
  const before = savings.get(form) || Promise.resolve();
  const saving = before.then(() => saveDraft(form)).finally(() => {
    if (savings.get(form) === saving) savings.delete(form);
  });
  savings.set(form, saving);
}

function forgetTimer(form) {
  clearTimeout(draftTimers.get(form));
  draftTimers.delete(form);
}

// What is sent in earnest waits for its draft: else the draft would seem to be somebody else's.
function onSubmitWhileSaving(event) {
  const form = event.target;
  const { submitter } = event;
  // Neither the focus that leaves its button nor leaving the page must keep anew what has just been sent.
  forgetTimer(form);
  const saving = savings.get(form);
  if (!saving) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  saving.finally(() => form.requestSubmit(submitter));
}

function saveNow(form) {
  forgetTimer(form);
  // A page that is being put away has handed in what was typed, or means to leave nothing.
  if (!isLocked && !isLeaving) beginSaving(form);
}

function onInput(event) {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  clearTimeout(draftTimers.get(form));
  draftTimers.set(form, setTimeout(() => saveNow(form), 2000));
}

// Whoever leaves a field, or puts the phone away, has written what is in it.
function onLeavingField(event) {
  const form = event.target.closest?.("form[data-autosave]");
  // On to its button: it is about to be sent.
  if (form && draftTimers.has(form) && event.relatedTarget?.type !== "submit") saveNow(form);
}

// --- Files: one that is too large is not sent, and nothing of the form is lost. ---

const isTooLarge = (field) => [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));

function sayWhetherTooLarge(field) {
  const id = `${field.id}-too-large`;
  document.getElementById(id)?.remove();
  const isBad = isTooLarge(field);
  field.setAttribute("aria-invalid", String(isBad));
  field.closest(".form-group")?.classList.toggle("form-error", isBad);
  if (!isBad) return;
  const line = document.createElement("span");
  Object.assign(line, { id, className: "form-error-message", role: "alert", textContent: field.dataset.saysTooLarge });
  field.after(line);
}

function onSubmitOfFile(event) {
  const field = all("input[type=file][data-most-bytes]", event.target).find(isTooLarge);
  if (!field) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sayWhetherTooLarge(field);
  field.focus();
}

// --- What hangs on an answer is shown with it. What is hidden in a fieldset is not sent. ---

const isAnswered = (place) => {
  const data = new FormData(place.closest("form"));
  return place.dataset.shownWhen.split(" ").some((pair) => {
    const [name, answer] = pair.split("=");
    return data.getAll(name).includes(answer);
  });
};

// In the order of the page: what hangs on a hidden question is hidden with it.
function showWhatHangs() {
  all("[data-shown-when]").forEach((place) => {
    const isShown = isAnswered(place);
    place.hidden = !isShown;
    place.disabled = !isShown;
  });
}

// --- Keys: never in a field, never with another key held, and they can be switched off. ---

// In a cookie, bound to the host wherever there is https, and nothing in the browser's storage: that stays empty.
const isHttps = window.location.protocol === "https:";
const KEYS_OFF = isHttps ? "__Host-keys=off" : "keys=off";
const OWN = `path=/; samesite=strict${isHttps ? "; secure" : ""}`;
const areKeysOff = () => document.cookie.split("; ").includes(KEYS_OFF);
const setKeysOff = (isOff) => { document.cookie = `${KEYS_OFF}; ${OWN}; max-age=${isOff ? 31536000 : 0}`; };

function rows() {
  return all("[data-rows]").flatMap((list) => all(":scope > li, :scope > tbody > tr, :scope > article", list));
}

function step(by) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.classList.contains("is-at"));
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  list.forEach((row) => row.classList.remove("is-at"));
  next.classList.add("is-at");
  next.querySelector("a, button")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// Of the row that one has come to, and without one of the page.
function log() {
  const ofPage = () => all("[data-log]").find((link) => !link.closest("[data-rows]"));
  (document.querySelector(".is-at [data-log]") || ofPage())?.click();
}

// A new note of the case that `l` would log in: the same page, at the field of the note, which a browser gives the focus.
function write() {
  const here = document.querySelector("#write-note textarea");
  if (here) {
    here.focus();
    return;
  }
  const link = document.querySelector(".is-at [data-log]") || all("[data-log]").find((one) => !one.closest("[data-rows]"));
  if (link) window.location.assign(`${link.href.split("#")[0]}#text`);
}

// A decision is opened and never sent: what stands behind its key is unfolded, and the first thing in it has the focus.
function open(place) {
  if (place.matches("details")) place.open = true;
  const first = place.querySelector("input:not([type=hidden]), textarea, select, button");
  first?.focus();
  place.scrollIntoView({ block: "nearest" });
}

// What a letter stands for on this page; in a list of requests it is opened on the page of the row that one has come to.
function onPage(key) {
  const place = document.querySelector(`[data-key="${key}"]`);
  if (place && key === "c") return () => place.querySelector("button")?.click();
  if (place) return () => open(place);
  const row = DECIDES.includes(key) && document.querySelector("[data-decides] .is-at a");
  return row ? () => window.location.assign(`${row.href.split("#")[0]}#key-${key}`) : null;
}

// Reached, not reached, message left: the first, second and third choice of the form that logs a contact.
function choose(key) {
  const choices = all("[data-numbers] input[type=radio]");
  const chosen = choices.filter((one) => one.name === choices[0].name)[Number(key) - 1];
  return chosen ? () => { chosen.click(); chosen.focus(); } : null;
}

const DECIDES = ["a", "o", "m", "w", "d", "c"];
const isNumber = (key) => ["1", "2", "3"].includes(key);
const actOf = (key) => KEYS[key] || (isNumber(key) ? choose(key) : DECIDES.includes(key) && onPage(key));

// The form that one is in, by its own button.
function send(event) {
  const { form } = event.target;
  if (!form || areKeysOff()) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.button-primary[type=submit]") || form.querySelector("[type=submit]"));
}

// The draft of the form that one is in; elsewhere the browser may do what it does.
function keepNow(event) {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  event.preventDefault();
  saveNow(form);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  l: log,
  n: write,
  // What was searched for before gives way to what is typed now.
  "/": () => all("[data-search]").find((box) => box.offsetParent)?.select(),
  "?": () => document.getElementById("keys")?.showModal(),
};

// The browser leaves the focus in what has just been closed until it draws again: the next key is not typed there.
const isOpenField = (node) => isField(node) && !node.closest("dialog:not([open])");

function onKey(event) {
  if (event.key === "Escape") all("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && isField(event.target)) send(event);
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) keepNow(event);
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  // A number chooses among choices, also where one of them has the focus; nothing else happens in a field.
  const isChoosing = isNumber(event.key) && event.target.matches("[data-numbers] input[type=radio]");
  if ((isOpenField(event.target) && !isChoosing) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target === document.body) {
    document.querySelector("[data-rows] .is-at a")?.click();
    return;
  }
  const act = actOf(event.key);
  if (!act || (areKeysOff() && event.key !== "?")) return;
  event.preventDefault();
  act();
}

// From a list: the decision stands open, and nothing of it has been done.
function arrive() {
  const { hash } = window.location;
  const place = hash.startsWith("#key-") && document.querySelector(`[data-key="${CSS.escape(hash.slice(5))}"]`);
  if (place) open(place);
}

function prepareKeys() {
  const box = document.querySelector("#keys input");
  if (!box) return;
  box.checked = !areKeysOff();
  box.addEventListener("change", () => setKeysOff(!box.checked));
}

// --- What was revealed counts down and is taken out of the page, also when the machine slept in between. ---

let hidesAt = null;

function armReveal() {
  const place = document.querySelector("[data-expires-seconds]");
  if (!place) return;
  hidesAt = Date.now() + Number(place.dataset.expiresSeconds) * 1000;
  place.querySelector("[data-left]").hidden = false;
  countDown();
}

function countDown() {
  if (hidesAt === null) return;
  const left = Math.ceil((hidesAt - Date.now()) / 1000);
  const place = document.querySelector("[data-expires-seconds]");
  if (left <= 0) hideRevealed(place);
  else place.querySelector("[data-left] span").textContent = left;
}

function hideRevealed(place) {
  hidesAt = null;
  place.querySelector("[data-shown]").remove();
  const words = place.querySelector("[data-over]");
  words.textContent = words.dataset.over;
  all("[data-again]", place).forEach((link) => { link.hidden = false; });
}

// --- A page that answers a form stands in the history as the page of the form: Back and reload open that one, and the
// browser has nothing to send once more. ---

function nameOwnPage() {
  const { ownPage } = document.body.dataset;
  if (ownPage) window.history.replaceState(null, "", ownPage);
}

// --- The part of a file that one is in stands in its own place in the line, after the one before it. ---

function showOwnPart() {
  for (const here of all(".file-parts [aria-current]")) {
    here.previousElementSibling?.scrollIntoView({ inline: "start", block: "nearest" });
  }
}

// --- Beginnings. ---

document.addEventListener("submit", onSubmitOfFile, { capture: true });
document.addEventListener("submit", onPlainSubmit);
document.addEventListener("submit", onSubmitWhileSaving, { capture: true });
document.addEventListener("keydown", onKey);
document.addEventListener("input", onInput);
document.addEventListener("focusout", onLeavingField);
// A tab of the case's line that one comes to by key is pushed into sight whole.
document.addEventListener("focusin", (event) => {
  event.target.closest?.(".file-parts a")?.scrollIntoView({ block: "nearest", inline: "nearest" });
});
document.addEventListener("htmx:afterSettle", showWhatHangs);
window.addEventListener("pageshow", showWhatHangs);
document.addEventListener("change", (event) => {
  if (event.target.closest?.("form")?.querySelector("[data-shown-when]")) showWhatHangs();
  if (event.target.matches?.("input[type=file][data-most-bytes]")) sayWhetherTooLarge(event.target);
});
document.addEventListener("visibilitychange", countDown);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
  if (!event.target.closest?.("details.menu")) all("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
});
document.addEventListener("DOMContentLoaded", () => {
  nameOwnPage();
  showOwnPart();
  armReveal();
  setInterval(countDown, 1000);
  prepareKeys();
  arrive();
});
