/* Single-key shortcuts. The page leaves this script out for whoever switched them off (WCAG 2.1.4). */
"use strict";

const ROWS = "#commitments tbody tr:not(.g), main .rows > li[id], main .mg > li";
const PLACES = { o: "overview", c: "commitment_list", s: "statement_detail", m: "my_work", k: "calendar" };
const FOLLOWS_WITHIN = 1500; // ms in which the second key follows G
let going = 0;

const linkOf = (row) => row.querySelector(".t a, :scope > a[href], a[href]");
const rowAt = (node) => node.closest?.(ROWS);

/** The next row down or up the page, from the one that has the focus. */
function move(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  const at = rows.indexOf(rowAt(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : -1) : at + step];
  if (!next) return false;
  linkOf(next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function changeStatus() {
  const row = rowAt(document.activeElement);
  const button = row?.querySelector("a.pill, summary.pill");
  if (button) button.click();
  else document.querySelector("#note input[name=status]:checked")?.focus();
  return Boolean(button) || Boolean(document.querySelector("#note"));
}

function writeNote() {
  const row = rowAt(document.activeElement);
  const text = document.querySelector("#note textarea");
  if (row) location.href = `${linkOf(row).href.split("#")[0]}#note`;
  else text?.focus();
  return Boolean(row || text);
}

function choose() {
  const tick = rowAt(document.activeElement)?.querySelector("[name=pick]");
  tick?.click();
  return Boolean(tick);
}

function go(key) {
  const link = PLACES[key] && document.querySelector(`[data-go="${PLACES[key]}"]`);
  if (link) location.href = link.href;
  return Boolean(link);
}

function help() {
  const dialog = document.getElementById("keys");
  htmx.ajax("GET", dialog.dataset.from, { target: dialog, swap: "innerHTML" }).then(() => dialog.showModal());
  return true;
}

const KEYS = { j: () => move(1), k: () => move(-1), s: changeStatus, n: writeNote, x: choose, "?": help, "/": () => { openSearch(); return true; } };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat && event.key !== "j" && event.key !== "k") return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "g") {
    going = Date.now();
    return;
  }
  const follows = Date.now() - going < FOLLOWS_WITHIN;
  going = 0;
  if (follows ? go(key) : KEYS[key]?.()) event.preventDefault();
});
