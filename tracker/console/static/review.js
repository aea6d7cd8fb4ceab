// 复核: 1 Y confirm at once, 2 N and 3 A ask for words, J Esc and K go on and back, Z zooms, ? tells the keys. Comfort only.
"use strict";
(() => {
  const form = document.querySelector("form[data-review], form[data-bulk]");
  if (!form) return;
  const why = document.getElementById("why");
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // back from the cache of the browser: it may be sent again, the server knows what it has
  addEventListener("pageshow", () => { sent = false; });
  if (form.matches("[data-bulk]")) choosing(form);
  else deciding(form, why);

  function deciding(form, why) {
    if (document.getElementById("wrong")) why.focus();
    const choices = { 1: "confirm", y: "confirm", 2: "dismiss", n: "dismiss", 3: "ask", a: "ask" };
    const ways = { escape: "[data-next]", j: "[data-next]", k: "[data-before]" };
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const key = event.key.toLowerCase();
      const typing = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
      if (typing && key !== "escape") return;
      if (ways[key]) {
        const link = document.querySelector(ways[key]);
        if (link) location.assign(link.href);
      } else if (choices[key]) {
        event.preventDefault();
        form.querySelector(`input[value=${choices[key]}]`).checked = true;
        if (choices[key] === "confirm") form.requestSubmit();
        else why.focus();
      } else if (key === "z") {
        for (const one of document.querySelectorAll(".zoom")) one.checked = !one.checked;
      } else if (key === "?") {
        const keys = document.getElementById("keys");
        keys.open = !keys.open;
        keys.querySelector("summary").focus();
      }
    });
  }

  function choosing(form) {
    const picks = [...form.querySelectorAll("[name=pick]")];
    const told = form.querySelector("[data-told]");
    const tell = () => { told.textContent = `已勾选 ${picks.filter((one) => one.checked).length} 条`; };
    for (const [name, checked] of [["all", true], ["none", false]]) {
      const button = form.querySelector(`[data-${name}]`);
      button.hidden = false;
      button.addEventListener("click", () => {
        for (const one of picks) one.checked = checked;
        tell();
      });
    }
    form.addEventListener("change", tell);
    tell();
  }
})();
