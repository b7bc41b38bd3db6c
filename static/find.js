/* The search box shows what it finds as one types; arrows go through it, Enter opens, Escape closes. */
"use strict";

const box = document.getElementById("q-top");
const found = document.getElementById("found");
const hits = () => [...document.querySelectorAll(found.contains(document.activeElement) || document.activeElement === box ? "#found [data-hit]" : "main .hits [data-hit]")];

function openSearch() {
  if (!box || !box.checkVisibility()) {
    location.href = document.querySelector("form.find[role=search]").action;
    return;
  }
  box.focus();
  box.select();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    openSearch();
  }
  if (!found || !event.target.closest(".find, .hits")) return;
  if (event.key === "Escape" && found.childElementCount) {
    found.replaceChildren();
    box.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = step ? hits() : [];
  if (!all.length) return;
  event.preventDefault();
  const at = all.indexOf(document.activeElement) + step;
  if (at < 0) (document.activeElement.closest("#found") ? box : document.activeElement).focus();
  else all[Math.min(at, all.length - 1)].focus();
});

document.addEventListener("click", (event) => {
  if (found && !event.target.closest(".find")) found.replaceChildren();
});
