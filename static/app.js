/* What the pages gain from a script. Every one of them works without it. */
"use strict";

const said = document.getElementById("said");
const typing = (node) => node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const SHOWN_FOR = 6000; // ms
const SHOWN_WITH_UNDO = 30000;
let silence;

/** Tell screen readers and eyes alike what has just happened. */
function say(words) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = words; });
}

function silenceLater() {
  clearTimeout(silence);
  if (!said.textContent) return;
  const shown = said.querySelector("button") ? SHOWN_WITH_UNDO : SHOWN_FOR;
  silence = setTimeout(() => said.matches(":hover, :focus-within") ? silenceLater() : (said.textContent = ""), shown);
}

/* Whatever fills the line, this script or an answer of the server, it goes away by itself, unless one is at it. */
new MutationObserver(silenceLater).observe(said, { childList: true });

/** Copy the text; browsers keep the clipboard of today from pages on plain http, so the older way comes second. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

function copyTheOldWay(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "sr";
  box.setAttribute("aria-hidden", "true");
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  before?.focus();
  return done;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const file = event.target.closest("[data-follows-filters]");
  if (file) file.search = location.search; // the filters may have changed since the page came
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    event.preventDefault();
    copyText(copy.dataset.copy || copy.href || location.href).then((done) => {
      say(done ? copy.closest("[data-copied]").dataset.copied : document.body.dataset.notCopied);
      copy.classList.toggle("copied", done);
      setTimeout(() => copy.classList.remove("copied"), 1500);
    });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  }
});

/* Filters apply as soon as one is chosen; the button stays for those without the script. */
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && "autosubmit" in form.dataset && event.target.matches("select")) form.requestSubmit();
});

/* Whoever comes for the note begins to write; on its way to the place the browser would take the focus away again. */
addEventListener("load", () => {
  if (location.hash === "#note") setTimeout(() => document.querySelector("#note textarea")?.focus());
});

/* The summary of a form's errors takes the focus, so that it is heard and seen first. */
const focusErrors = () => document.querySelector(".summary[role=alert]")?.focus();
document.addEventListener("htmx:after:swap", focusErrors);
focusErrors();
