/* Keeps what is typed into a form on this device until it is saved, and brings it back. The page works without it. */
"use strict";

const PREFIX = "draft:";
const PAUSE = 400; // ms after the last key
const LANGUAGE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const KEPT_FOR = 30 * 24 * 3600 * 1000; // ms

const storage = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  write(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* a browser that keeps nothing has nothing to remove */ }
  },
  keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
  },
};

const fields = (form) => [...form.elements].filter((field) => field.matches("textarea, input[type=radio]"));

function typed(form) {
  const values = {};
  for (const field of fields(form)) {
    if (field.type !== "radio") values[field.name] = field.value;
    else if (field.checked) values[field.name] = field.value;
  }
  return values;
}

const untouched = (form) => fields(form).every((field) =>
  field.type === "radio" ? field.checked === field.defaultChecked : field.value === field.defaultValue);

function fill(form, values) {
  for (const field of fields(form)) {
    if (!(field.name in values)) continue;
    if (field.type === "radio") field.checked = field.value === values[field.name];
    else field.value = values[field.name];
  }
}

function restore(form, key) {
  const draft = storage.read(key);
  if (!draft || !untouched(form)) return;
  fill(form, draft.values);
  if (untouched(form)) {
    storage.remove(key);
    return;
  }
  const notice = document.createElement("p");
  notice.className = "notice restored";
  notice.setAttribute("role", "status");
  const when = new Date(draft.at).toLocaleString(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
  notice.append(form.dataset.restored.replace("%s", when), " ");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "link";
  drop.textContent = form.dataset.drop;
  drop.addEventListener("click", () => {
    storage.remove(key);
    form.reset();
    notice.remove();
    form.querySelector("textarea").focus();
  });
  notice.append(drop);
  form.prepend(notice);
}

function keep(form, key) {
  const says = form.querySelector("[data-draft-says]");
  if (untouched(form) && !("kept" in form.dataset)) {
    storage.remove(key);
    says.textContent = "";
  } else if (storage.write(key, { at: Date.now(), values: typed(form) })) {
    const time = new Date().toLocaleTimeString(LANGUAGE, { timeStyle: "short" });
    says.textContent = `${form.dataset.keeping}, ${time}`;
  }
}

for (const done of document.querySelectorAll("[data-draft-done]")) {
  const name = PREFIX + done.dataset.draftDone;
  for (const key of storage.keys()) if (key === name || key.startsWith(`${name}-`)) storage.remove(key);
}
for (const key of storage.keys()) {
  if (!(Date.now() - storage.read(key)?.at < KEPT_FOR)) storage.remove(key);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = PREFIX + form.dataset.draft;
  let timer;
  if ("kept" in form.dataset) keep(form, key);
  else restore(form, key);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(form, key), PAUSE);
  });
  addEventListener("pagehide", () => {
    if (timer) keep(form, key);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
