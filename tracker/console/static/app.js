// Comfort only: every page reads and decides without it.
"use strict";

// 复制 buttons: shown only where the clipboard can be written; the text stays selectable without them.
for (const button of document.querySelectorAll("[data-copy-from]")) {
  const source = document.getElementById(button.dataset.copyFrom);
  if (!navigator.clipboard || !source) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const told = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(source.value);
      told.textContent = "已复制,可以粘贴到工作群";
    } catch (error) {
      source.select();
      told.textContent = "浏览器不让复制,文字已选中,请按 Ctrl+C";
    }
  });
}

// On a phone the menu begins shut: it would fill the first screen.
const menu = document.querySelector("details.menu");
if (menu) {
  const narrow = matchMedia("(max-width: 40rem)");
  const fit = () => { menu.open = !narrow.matches; };
  narrow.addEventListener("change", fit);
  fit();
}

// What a page asks for again and again may fail: said once, and taken away when it works again.
function offline(shown) {
  document.querySelector(".offline")?.remove();
  if (!shown) return;
  const told = document.createElement("p");
  told.className = "offline";
  told.setAttribute("role", "alert");
  told.textContent = "现在连不上程序,本页显示的可能不是最新的;请确认程序还开着,再刷新本页";
  document.querySelector("main").prepend(told);
}
document.addEventListener("htmx:sendError", () => offline(true));
document.addEventListener("htmx:responseError", () => offline(true));
document.addEventListener("htmx:afterOnLoad", () => offline(false));
