/* Ticking rows of the list: how many are chosen, all of the page, none. Without the script each is ticked by hand. */
"use strict";

const ticks = () => [...document.querySelectorAll("input[name=pick]")];

function showPicked() {
  const form = document.getElementById("many");
  if (!form) return;
  const chosen = ticks().filter((tick) => tick.checked).length;
  const all = document.querySelector("[data-pick-all]");
  all.hidden = false;
  all.checked = chosen > 0 && chosen === ticks().length;
  all.indeterminate = chosen > 0 && !all.checked;
  form.querySelector("[data-unpick]").hidden = false;
  const { one, several } = form.dataset;
  form.querySelector("[data-picked]").textContent = chosen ? (chosen === 1 ? one : several.replace("%s", chosen)) : "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) for (const tick of ticks()) tick.checked = event.target.checked;
  if (event.target.matches("[data-pick-all], [name=pick]")) showPicked();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unpick]")) return;
  for (const tick of ticks()) tick.checked = false;
  showPicked();
});

document.addEventListener("htmx:after:swap", showPicked);
showPicked();
