"use strict";
const $ = (selector, within = document) => [...within.querySelectorAll(selector)];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const form = document.getElementById("filters");
const items = $("#reading .item").map((element) => ({
  element,
  group: element.closest(".group"),
  outlet: element.closest(".group").dataset.outlet,
  frame: element.dataset.frame,
  voice: element.dataset.voice,
  certain: element.dataset.certain === "1",
  probability: Number(element.dataset.p),
  text: plain(element.textContent),
}));
const certainties = {
  "": () => true,
  certain: (item) => item.certain,
  high: (item) => item.certain && item.probability >= 0.9,
  abstained: (item) => !item.certain,
};

function filter() {
  const wanted = Object.fromEntries(new FormData(form));
  const words = plain(wanted.text).split(/\s+/).filter(Boolean);
  const left = new Map();
  let shown = 0;
  for (const item of items) {
    const fits =
      ["outlet", "frame", "voice"].every((key) => !wanted[key] || item[key] === wanted[key]) &&
      certainties[wanted.certainty](item) &&
      words.every((word) => item.text.includes(word));
    item.element.hidden = !fits;
    shown += fits;
    left.set(item.group, (left.get(item.group) || 0) + fits);
  }
  for (const [group, count] of left) {
    group.hidden = !count;
    const told = group.querySelector(".told");
    if (told) told.textContent = count < Number(told.dataset.all) ? `${count} of ${told.dataset.all} sentences` : `${told.dataset.all} sentences`;
    if (group.matches("details")) {
      if (words.length && count && !group.open) group.open = group.byFilter = true;
      if (!words.length && group.byFilter) group.open = group.byFilter = false;
    }
  }
  for (const part of $("#evidence, #articles")) part.hidden = $(".group", part).every((group) => group.hidden);
  form.querySelector("output").textContent = shown ? `${shown} of ${items.length} sentences` : "No sentence fits these filters.";
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  filter();
}

const tip = document.getElementById("tip");
function tell(event) {
  const at = event.target.closest?.("svg [aria-label], [data-tip]");
  tip.hidden = !at;
  if (!at) return;
  tip.textContent = at.dataset.tip || at.getAttribute("aria-label");
  const box = at.getBoundingClientRect();
  const left = Math.min(box.left + box.width / 2, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  tip.style.top = `${box.bottom + 6 + scrollY}px`;
}
for (const kind of ["pointerover", "focusin", "focusout"]) document.addEventListener(kind, tell);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
