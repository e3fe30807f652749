// Leaving at once, and what a page shows when it is no longer to be shown. Loaded first, needs nothing else.
"use strict";

// htmx would note the address of each page in the browser's storage; here it finds none, and notes nothing.
Object.defineProperty(window, "sessionStorage", { value: undefined });

// Messages between the tabs of one browser; nothing is stored.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("portal") : null;

// Everything is taken out of the page, so that neither a screen reader nor a stored copy of it finds anything.
function blank(...content) {
  const cover = document.createElement("div");
  cover.className = "cover";
  cover.setAttribute("role", "status");
  cover.append(...content);
  document.body.replaceChildren(cover);
}

let isLeaving = false;

function leave() {
  const form = document.querySelector("form[data-leave]");
  if (!form || isLeaving) return;
  isLeaving = true;
  const { action } = form;
  const { leaveTo } = form.dataset;
  const data = new FormData(form);
  blank();
  tabs?.postMessage({ left: leaveTo });
  let isEnded = false;
  const go = () => {
    // An answer that has not come is asked for once more, in a way that outlives the page.
    if (!isEnded) navigator.sendBeacon?.(action, data);
    window.location.replace(leaveTo);
  };
  const ended = fetch(action, { method: "POST", body: data, redirect: "manual", keepalive: true });
  const patience = new Promise((resolve) => { setTimeout(resolve, 700); });
  Promise.race([ended.then(() => { isEnded = true; }), patience]).then(go, go);
}

// --- Shift or Escape three times within two seconds. ---

const presses = { Shift: [], Escape: [] };

function countPresses(event) {
  // An Escape that closes a dialogue, and keys with which a sign is being composed, are meant for those.
  if (event.repeat || event.isComposing || (event.key === "Escape" && document.querySelector("dialog[open]"))) return;
  for (const [key, moments] of Object.entries(presses)) {
    presses[key] = event.key === key ? [...moments, event.timeStamp].filter((at) => event.timeStamp - at < 2000) : [];
    if (presses[key].length >= 3) leave();
  }
}

// --- Other tabs of the same browser, and pages that the browser holds ready for Back. ---

function onOtherTab({ data }) {
  if (data.left) {
    isLeaving = true;
    blank();
    window.location.replace(data.left);
  } else if (data.ended && document.body.dataset.idleSeconds) {
    blank();
    // The other tab is still ending the session.
    setTimeout(() => window.location.replace(data.ended), 1500);
  }
}

if (tabs) tabs.onmessage = onOtherTab;
document.addEventListener("keydown", countPresses, { capture: true });
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-leave]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    leave();
  } else if (event.target.matches("form[data-ends-session]")) {
    tabs?.postMessage({ ended: document.body.dataset.signIn });
  }
}, { capture: true });
window.addEventListener("pagehide", (event) => {
  if (event.persisted) document.documentElement.classList.add("is-put-by");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  blank();
  window.location.reload();
});
