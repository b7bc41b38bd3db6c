/* The contents follow: the section at the top of the window is marked while one scrolls. */
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
