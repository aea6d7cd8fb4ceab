// 复核: 1 confirms at once, 2 and 3 ask for words, Esc goes on. Comfort only.
"use strict";
(() => {
  const form = document.querySelector("form[data-review]");
  if (!form) return;
  const why = document.getElementById("why");
  let sent = false;
  if (document.getElementById("wrong")) why.focus();
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key === "Escape") {
      const next = document.querySelector("[data-next]");
      if (next) location.assign(next.href);
      return;
    }
    if (event.target.matches("input:not([type=radio]), textarea, select")) return;
    const choice = { 1: "confirm", 2: "dismiss", 3: "ask" }[event.key];
    if (!choice) return;
    event.preventDefault();
    form.querySelector(`input[value=${choice}]`).checked = true;
    if (choice === "confirm") form.requestSubmit();
    else why.focus();
  });
})();
