/* The reader: the contents follow while one scrolls, and quotations are taken from the text of the page itself. */
"use strict";

const contents = [...document.querySelectorAll(".toc a")];
const sections = contents.map((link) => document.getElementById(link.hash.slice(1)));
const LINE = 120; // px below the top of the window: what has passed it is being read

function markCurrent() {
  const passed = sections.filter((section) => section.getBoundingClientRect().top <= LINE).length;
  const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
  const current = atEnd ? contents.length - 1 : Math.max(passed - 1, 0);
  contents.forEach((link, place) => {
    if (place === current) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  });
}

let waiting = false;
document.addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; markCurrent(); });
}, { passive: true });
markCurrent();

/** A commitment's words as they stand in the text, without the numbers that stand in between. */
function quotation(ref) {
  const begin = document.getElementById(`q${ref}`);
  const end = [...begin.closest(".tx").querySelectorAll("sup")].find((number) => number.textContent === ref);
  const range = document.createRange();
  range.setStartBefore(begin);
  range.setEndBefore(end);
  const words = range.cloneContents();
  for (const number of words.querySelectorAll("sup")) number.remove();
  const parts = [...words.children].some((part) => part.matches("p")) ? [...words.children] : [words];
  return parts.map((part) => part.textContent).join("\n");
}

/* Before the script of every page copies it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quotation]");
  if (!link) return;
  const ref = link.dataset.quotation;
  const said = link.closest("[data-reference]").dataset;
  const reference = said.reference.replace("#number#", link.closest(".para").dataset.number).replace("#ref#", ref);
  link.dataset.copy = `“${quotation(ref)}” – ${reference}`;
  link.dataset.copied = said.quotationCopied;
}, true);
