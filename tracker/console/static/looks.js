// 待人工: keys, the name on the clipboard, saving while typing, pictures by Ctrl+V or by dropping. Comfort only.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const say = (id, words) => { const place = byId(id); if (place) { place.textContent = words; place.hidden = !words; } };
  const form = document.querySelector("form[data-look]");
  const drop = byId("drop");
  let uploading = null;

  // pictures ------------------------------------------------------------------------------------------------------
  async function upload(files, account) {
    const body = new FormData();
    body.append("csrf", document.querySelector("input[name=csrf]").value);
    if (account) body.append("account_id", account);
    for (const file of files) body.append("picture", file, file.name || "粘贴的截图.png");
    say("upload", `正在上传 ${files.length} 张…`);
    try {
      const answer = await fetch("/pictures", { method: "POST", body, headers: { Accept: "application/json" } });
      if (!(answer.headers.get("content-type") || "").startsWith("application/json")) throw new Error("refused");
      const told = await answer.json();
      say("upload", told.told);
      if (account) show(told.pictures);
      else location.assign(`/pictures?notice=${encodeURIComponent(told.told)}`);
    } catch (error) {
      say("upload", "没有传上:程序没有应答或页面已过期,请刷新页面后再试");
    }
  }
  function start(files, account) {
    const before = uploading || Promise.resolve();
    const mine = before.then(() => upload(files, account));
    uploading = mine;
    mine.finally(() => { if (uploading === mine) uploading = null; });
  }
  function show(pictures) {
    const list = byId("mine");
    const known = new Set([...list.querySelectorAll("img")].map((image) => image.getAttribute("src")));
    for (const picture of pictures) {
      const address = `/pictures/${picture.number}`;
      if (known.has(address)) continue;
      const item = document.createElement("li");
      const image = document.createElement("img");
      const words = document.createElement("span");
      item.className = "shot";
      image.src = address;
      image.alt = `截图 ${picture.name}`;
      words.className = "soft";
      words.textContent = picture.name;
      item.append(image, words);
      list.append(item);
    }
  }
  const images = (data) => [...(data ? data.files : [])].filter((file) => file.type.startsWith("image/"));
  if (form || drop) {
    const account = form ? form.dataset.look : "";
    document.addEventListener("paste", (event) => {
      const found = images(event.clipboardData);
      // what is copied from a table comes as text and as a picture of it: into a field goes the text
      const text = event.target.matches("input, textarea") && event.clipboardData.getData("text/plain");
      if (found.length && !text) { event.preventDefault(); start(found, account); }
      // the name that this page itself put there is never an answer
      else if (form && text && text.trim() === byId("name").textContent) {
        event.preventDefault();
        say("upload", "剪贴板里是账号名称,还没有截图或链接");
      }
    });
    document.addEventListener("dragover", (event) => { event.preventDefault(); (form || drop).classList.add("dropping"); });
    document.addEventListener("dragleave", () => (form || drop).classList.remove("dropping"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      (form || drop).classList.remove("dropping");
      const found = [...event.dataTransfer.files];
      if (found.length) start(found, account);
    });
    const chosen = byId("picture");
    if (chosen) chosen.addEventListener("change", () => {
      if (chosen.files.length) { start([...chosen.files], account); chosen.value = ""; }
    });
    if (drop) drop.addEventListener("submit", () => say("upload", "正在上传…"));
  }
  if (!form) return;
  // `autofocus` waits for the first painting; whoever types at once must not lose the first figure
  byId("told").focus();

  // the name on the clipboard: once, never again, or a screenshot taken meanwhile would be lost -----------------------
  const copier = document.querySelector("[data-copy]");
  async function copy() {
    try {
      await navigator.clipboard.writeText(copier.dataset.copy);
      say("copied", "名称已复制");
    } catch (error) {
      say("copied", "");
    }
  }
  if (navigator.clipboard) {
    copier.hidden = false;
    copier.addEventListener("click", copy);
    if (document.hasFocus()) copy();
    else window.addEventListener("focus", copy, { once: true });
  }

  // saving while typing -----------------------------------------------------------------------------------------------
  let dirty = false, busy = null, sent = false;
  async function keep() {
    dirty = false;
    form.elements.seq.value = Number(form.elements.seq.value) + 1;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const address = `/looks/${encodeURIComponent(form.dataset.look)}/draft`;
    try {
      // keepalive: what is on its way arrives even when the page is reloaded or closed
      const answer = await fetch(address, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      if (answer.status === 409) say("clash", (await answer.json()).told);
      else if (!dirty) say("kept", answer.ok ? "草稿已存" : "草稿没有存上,请不要关掉页面");
    } catch (error) {
      say("kept", "草稿没有存上:程序没有应答,请不要关掉页面");
    }
  }
  function typed() {
    dirty = true;
    say("kept", "");
    if (!busy && !sent) busy = keep().finally(() => { busy = null; if (dirty && !sent) typed(); });
  }
  form.addEventListener("input", (event) => { if (event.target.type !== "file") typed(); });
  window.addEventListener("pagehide", () => { if (dirty && !sent) keep(); });
  form.addEventListener("submit", (event) => {
    if (sent) { event.preventDefault(); return; }
    if (uploading) {
      event.preventDefault();
      const button = event.submitter;
      uploading.finally(() => form.requestSubmit(button));
      return;
    }
    form.elements.seq.value = Number(form.elements.seq.value) + 1;
    sent = true;
  });

  // keys --------------------------------------------------------------------------------------------------------------
  const groups = [...form.querySelectorAll(".aspects fieldset")];
  const chosenIn = (group) => group.querySelector("input:checked") || group.querySelector("input");
  function choose(group, place) {
    const radio = group.querySelectorAll("input")[place];
    radio.checked = true;
    radio.focus();
    typed();
  }
  function rest() {
    const wanted = groups.filter((group) => group.classList.contains("asked"));
    for (const group of wanted.length ? wanted : groups) {
      const radios = group.querySelectorAll("input");
      if (radios[2].checked) radios[1].checked = true;
    }
    typed();
  }
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const group = event.target.closest(".aspects fieldset");
    const place = groups.indexOf(group);
    const told = event.target.id === "told";
    if (event.key === "Escape") {
      event.preventDefault();
      location.assign(form.dataset.skip);
    } else if (event.key === "+" && (group || told)) {
      event.preventDefault();
      rest();
    } else if (group && ["1", "2", "3"].includes(event.key)) {
      event.preventDefault();
      choose(group, Number(event.key) - 1);
    } else if (group && ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"].includes(event.key)) {
      event.preventDefault();
      const next = place + (["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : -1);
      if (next < 0) byId("told").focus();
      else if (next < groups.length) chosenIn(groups[next]).focus();
    } else if (told && event.key === "ArrowDown") {
      event.preventDefault();
      chosenIn(groups[0]).focus();
    }
  });
})();
