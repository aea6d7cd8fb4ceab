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
