// The idle lock: a page at which nothing happens hands in what was typed, ends its session and shows nothing more.
"use strict";

const LOCK_BEFORE = 60_000;
const WARN_BEFORE = 120_000;
const SIGN_OF_LIFE_EVERY = 60_000;
const RETRY_EVERY = 15_000;

const idleMs = Number(document.body.dataset.idleSeconds) * 1000;
const absoluteEnd = Date.now() + Number(document.body.dataset.restSeconds) * 1000;
let lastContact = Date.now();
let isLocked = false;

const endsAt = () => Math.min(lastContact + idleMs, absoluteEnd);
const isSignedIn = () => Boolean(idleMs);

// --- Somebody is here. ---

function noteContact(moment = Date.now()) {
  lastContact = Math.max(lastContact, moment);
  tabs?.postMessage({ contact: lastContact });
  look();
}

let isAsking = false;

async function signOfLife() {
  if (isAsking || isLocked) return;
  isAsking = true;
  try {
    const answer = await fetch(document.body.dataset.aliveUrl, { method: "POST", headers: { "X-CSRFToken": token() } });
    if (answer.ok) noteContact();
    // The session was ended somewhere else.
    if (answer.status === 401) lock();
  } catch { /* No connection: the clock goes on. */ } finally { isAsking = false; }
}

function onActivity(event) {
  if (!isSignedIn() || isLocked || !event.isTrusted) return;
  if (Date.now() > endsAt() - LOCK_BEFORE) lock();
  else if (Date.now() - lastContact > SIGN_OF_LIFE_EVERY) signOfLife();
}

// --- The warning and the lock. ---

let lookTimer = null;

function look() {
  if (!isSignedIn() || isLocked) return;
  clearTimeout(lookTimer);
  const left = endsAt() - Date.now();
  const place = document.getElementById("idle-warning");
  const isNear = left <= WARN_BEFORE;
  if (left <= LOCK_BEFORE) {
    lock();
    return;
  }
  if (place && place.hidden === isNear) {
    place.hidden = !isNear;
    // Written anew, so that it is read out.
    place.querySelector("[data-words]").textContent = isNear ? place.dataset[absoluteEnd < lastContact + idleMs ? "end" : "idle"] : "";
  }
  lookTimer = setTimeout(look, Math.max(250, left - (isNear ? LOCK_BEFORE : WARN_BEFORE)));
}

// A field's value belongs to what was written when it is not what the page came with.
function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function writtenForms() {
  const forms = all("form[method=post]:not([data-leave])").filter((form) => {
    const fields = [...form.elements].filter((field) => field.name && !["hidden", "password"].includes(field.type));
    return fields.some(isChanged) || form.dataset.isRefilled;
  });
  return forms.map((form) => ({
    action: new URL(form.action).pathname,
    fields: [...new FormData(form)].filter(([name, value]) => typeof value === "string"
      && form.elements.namedItem(name)?.type !== "password"),
  }));
}

function lock() {
  if (isLocked) return;
  isLocked = true;
  const { lockUrl, signIn, saysLocked, saysNotKept } = document.body.dataset;
  const page = window.location.pathname + window.location.search;
  const forms = writtenForms();
  const sent = { method: "POST", headers: { "X-CSRFToken": token(), "Content-Type": "application/json" }, body: JSON.stringify({ page, forms }) };
  const words = document.createElement("p");
  words.textContent = saysLocked;
  blank(words);
  const isIdle = lastContact + idleMs <= absoluteEnd;
  const why = isIdle ? "&idle=1" : "";
  const to = `${signIn}?next=${encodeURIComponent(page)}${forms.length ? "&kept=1" : ""}${why}`;
  const hand = async () => {
    // A draft on its way belongs to the session that ends here.
    await Promise.allSettled(savings.values());
    try {
      const answer = await fetch(lockUrl, sent);
      // A refusal will not change; only a missing connection is worth another try.
      if (!answer.ok && answer.status >= 500) throw new Error("not now");
      tabs?.postMessage({ ended: isIdle ? `${signIn}?idle=1` : signIn });
      window.location.replace(to);
    } catch {
      words.textContent = saysNotKept;
      setTimeout(hand, RETRY_EVERY);
    }
  };
  hand();
}

// --- What was typed when the last session ended is put back into its form. ---

function putBack(form, values) {
  for (const field of form.elements) {
    const given = values.get(field.name);
    const isChoice = ["checkbox", "radio"].includes(field.type);
    if (isChoice) field.checked = given?.includes(field.value) || false;
    else if (!given || (field.type === "hidden" && !field.name.endsWith("version"))) continue;
    else if (field.options) [...field.options].forEach((option) => { option.selected = given.includes(option.value); });
    else field.value = given.length > 1 ? given.shift() : given[0];
    if (isChanged(field)) field.closest("details")?.setAttribute("open", "");
  }
  form.dataset.isRefilled = "1";
}

// Hidden fields that are of one showing of a page; any other says what the form is about.
const OF_THE_PAGE = ["csrf_token", "form_key", "from_page", "kept", "next"];
const isTelling = (field) => field.type === "hidden" && !OF_THE_PAGE.includes(field.name) && !field.name.endsWith("version");

// Whether it was written in this form: what corrects one note is put into no other, and no new note either.
function isOf(form, values) {
  return [...values.keys()].every((name) => form.elements.namedItem(name))
    && [...form.elements].filter(isTelling).every((field) => values.get(field.name)?.includes(field.value));
}

function claimKept() {
  for (const note of all("[data-kept]")) {
    const values = new Map();
    for (const part of all("data", note)) values.set(part.dataset.name, [...values.get(part.dataset.name) || [], part.value]);
    const form = all("form[method=post]").find((one) => new URL(one.action).pathname === note.dataset.keptAction);
    if (!form || form.elements.namedItem("kept") || !isOf(form, values)) continue;
    const id = Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: note.dataset.kept });
    form.append(id);
    if (!note.dataset.fills) continue;
    delete note.dataset.fills;
    putBack(form, values);
  }
}

// --- Beginnings. ---

if (isSignedIn()) {
  tabs?.addEventListener("message", ({ data }) => {
    if (!data.contact) return;
    lastContact = Math.max(lastContact, data.contact);
    look();
  });
  for (const name of ["keydown", "pointerdown", "input"]) document.addEventListener(name, onActivity, { passive: true });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) noteContact(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    look();
    // Somebody has come back to this tab: is its session still there?
    if (!isLocked && Date.now() - lastContact > SIGN_OF_LIFE_EVERY) signOfLife();
  });
  document.addEventListener("htmx:load", claimKept);
  document.addEventListener("DOMContentLoaded", () => {
    claimKept();
    noteContact();
  });
}
