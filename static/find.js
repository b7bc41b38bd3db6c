/* The search box shows what it finds as one types; arrows go through it, Enter opens, Escape closes. */
"use strict";

const searchBox = document.getElementById("q-top");
const searchFinds = document.getElementById("found");

/** The links that were found, in the box's list or on the search page, wherever the focus is. */
function searchHits() {
  const inBox = document.activeElement === searchBox || searchFinds.contains(document.activeElement);
  return [...document.querySelectorAll(inBox ? "#found [data-hit]" : "main .hits [data-hit]")];
}

function openSearch() {
  if (searchBox && searchBox.checkVisibility()) {
    searchBox.focus();
    searchBox.select();
  } else {
    location.href = document.querySelector("form.find[role=search]").action;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    openSearch();
  }
  if (!searchFinds || !event.target.closest(".find, .hits")) return;
  if (event.key === "Escape" && searchFinds.childElementCount) {
    searchFinds.replaceChildren();
    searchBox.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const hits = step ? searchHits() : [];
  if (!hits.length) return;
  event.preventDefault();
  const at = hits.indexOf(document.activeElement) + step;
  if (at >= 0) hits[Math.min(at, hits.length - 1)].focus();
  else if (searchFinds.contains(document.activeElement)) searchBox.focus();
});

document.addEventListener("click", (event) => {
  if (searchFinds && !event.target.closest(".find")) searchFinds.replaceChildren();
});
