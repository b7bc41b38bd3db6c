/* What bringing in a statement gains from a script: words selected in the text, keys, a word while a file is read. */
"use strict";

{ // a scope of its own: pages load several scripts
  const MAX = 5000;

  /** The selection inside an element: its words, and what stands before them. */
  function selectedIn(element) {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
    const words = selection.toString().trim();
    const before = document.createRange();
    before.setStart(element, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return words ? { words, before: before.toString().slice(-60) } : null;
  }

  /* In the reader: a button beside the selection leads to the form. */
  const review = document.querySelector("[data-review]");
  if (review) {
    const button = document.createElement("a");
    button.className = "btn main sm add-selection";
    button.textContent = review.dataset.add;
    button.hidden = true;
    review.prepend(button);
    document.addEventListener("selectionchange", () => {
      const anchor = getSelection().anchorNode;
      const home = anchor && (anchor.nodeType === 1 ? anchor : anchor.parentElement).closest("[data-select]");
      const found = home && selectedIn(home);
      button.hidden = !found;
      if (!found) return;
      const query = new URLSearchParams({ words: found.words.slice(0, MAX), before: found.before });
      button.href = `${home.dataset.select}?${query}`;
      home.parentElement.querySelector(".cards").prepend(button);
    });
  }

  /* On the form: the selection chooses the first and the last word. */
  const text = document.querySelector("[data-words]");
  if (text) {
    const [first, last] = text.dataset.words.split(" ").map((id) => document.getElementById(id));
    const chosen = document.querySelector("[data-chosen]");
    const bare = (option) => option.textContent.replace(/^\S+ /, "");
    const show = () => {
      const words = [...first.options].slice(first.selectedIndex, last.selectedIndex + 1).map(bare);
      chosen.textContent = words.length ? `“${words.join(" ")}”` : "";
    };
    document.addEventListener("selectionchange", () => {
      const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
      if (!range || !selectedIn(text)) return;
      const until = (node, offset) => {
        const part = document.createRange();
        part.setStart(text, 0);
        part.setEnd(node, offset);
        return part.toString();
      };
      const start = until(range.startContainer, range.startOffset);
      const end = until(range.endContainer, range.endOffset);
      const inside = /\S$/.test(start) && /^\S/.test(end.slice(start.length));
      first.selectedIndex = (start.match(/\S+/g) || []).length - (inside ? 1 : 0);
      last.selectedIndex = Math.max((end.match(/\S+/g) || []).length - 1, 0);
      show();
    });
    first.addEventListener("change", show);
    last.addEventListener("change", show);
    show();
  }

  /* Keys in the review, for whoever has not switched them off (WCAG 2.1.4): j and k go from proposal to proposal, a, e, r and u decide about the one at hand. */
  const cards = document.querySelector("[data-keys]") ? [...document.querySelectorAll(".decide")] : [];
  let at = cards.findIndex((card) => `#${card.id}` === location.hash);
  if (at >= 0) cards[at].focus();
  document.addEventListener("keydown", (event) => {
    if (!cards.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const inside = cards.findIndex((card) => card.contains(document.activeElement));
    if (inside >= 0) at = inside;
    if (event.key === "j" || event.key === "k") {
      at = Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), cards.length - 1);
      cards[at].focus();
    } else if (at >= 0) {
      cards[at].querySelector(`[data-key="${event.key}"]`)?.click();
    }
  });

  /* While a file is read: say so, and take no second click. */
  for (const form of document.querySelectorAll("form[data-slow]")) {
    form.addEventListener("submit", (event) => {
      if ("sent" in form.dataset) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      form.querySelector("[data-slow-says]").textContent = form.dataset.slow;
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
