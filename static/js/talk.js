// form data-draft="address": what is typed is kept as it is typed, so that it is there after a refused form, a reload, and on
// another device of the same person. Without network it stays in this browser until it can be kept.
const local = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const store = (key, value) => { try { value ? localStorage.setItem(key, JSON.stringify(value)) : localStorage.removeItem(key); } catch { /* a full or closed store is no reason to stop */ } };
for (const form of document.querySelectorAll("form[data-draft]")) {
  const box = form.elements.words;
  const words = form.querySelector("[data-kept]");
  const key = "draft:" + form.dataset.draft + ":" + form.elements.voice.value;
  let saved = box.value;
  let timer = 0;
  let under = null;
  const left = local(key);
  if (left && Date.now() - left.at < 3 * 864e5 && !box.value) box.value = left.words;
  const keep = async () => {
    clearTimeout(timer);
    const typed = box.value;
    if (typed === saved) return;
    const fields = new URLSearchParams({ token: form.elements.token.value, voice: form.elements.voice.value, words: typed, quiet: "1" });
    const answer = await fetch(form.dataset.draft, { method: "POST", body: fields, keepalive: true }).catch(() => null);
    if (answer?.status === 204) {
      saved = typed;
      store(key, null);
      if (words) words.textContent = typed ? words.dataset.kept : "";
    } else {
      store(key, { at: Date.now(), words: typed });
      if (words) words.textContent = words.dataset.lost;
    }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => { under = keep().finally(() => { under = null; }); }, 1500); };
  box.addEventListener("input", soon);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  addEventListener("online", keep);
  if (left && box.value === left.words) keep();
  // What is sent must not come back as a draft that was still on its way.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    store(key, null);
    if (under) {
      event.preventDefault();
      const by = event.submitter;
      under.finally(() => form.requestSubmit(by));
      return;
    }
    saved = box.value;
  });

  // select data-put: what is chosen stands in the words at once; its button is for those without script.
  const put = (text, from, to) => {
    const gap = from > 0 && !/\s/.test(box.value[from - 1]) && !text.startsWith("@") ? "\n" : "";
    box.setRangeText(gap + text, from, to, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const list of form.querySelectorAll("select[data-put]")) {
    list.parentElement.querySelector("button").hidden = true;
    list.addEventListener("change", () => {
      const text = list.selectedOptions[0]?.dataset.text;
      if (text) put(text, box.selectionStart, box.selectionEnd);
      list.selectedIndex = 0;
    });
  }

  // Behind the sign the names are offered that can be called here.
  const names = [...form.querySelectorAll("select[name=name] option[data-text]")];
  if (!names.length) continue;
  const menu = Object.assign(document.createElement("ul"), { className: "names", id: box.id + "-names", hidden: true });
  menu.setAttribute("role", "listbox");
  box.after(menu);
  box.setAttribute("aria-controls", menu.id);
  let at = -1;
  const close = () => { menu.hidden = true; box.removeAttribute("aria-activedescendant"); };
  const mark = (by) => {
    const all = [...menu.children];
    const now = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
    all[now]?.removeAttribute("aria-selected");
    const next = all[(now + by + all.length) % all.length];
    next?.setAttribute("aria-selected", "true");
    if (next) box.setAttribute("aria-activedescendant", next.id);
  };
  const take = (row) => { const text = row.dataset.text; close(); put(text, at, box.selectionEnd); };
  box.addEventListener("input", () => {
    const before = box.value.slice(0, box.selectionStart);
    const typed = /(?:^|[^A-Za-z0-9._+-])[@＠]([^\s@＠，。]{0,12})$/.exec(before);
    const fit = typed ? names.filter((n) => n.text.toLowerCase().includes(typed[1].toLowerCase()) && n.dataset.text.trim() !== "@" + typed[1]) : [];
    if (!fit.length) return close();
    at = before.length - typed[1].length - 1;
    menu.replaceChildren(...fit.slice(0, 6).map((n, i) => {
      const row = Object.assign(document.createElement("li"), { textContent: n.text, id: `${menu.id}-${i}` });
      row.setAttribute("role", "option");
      row.dataset.text = n.dataset.text;
      row.addEventListener("pointerdown", (e) => { e.preventDefault(); take(row); });
      return row;
    }));
    menu.hidden = false;
    mark(1);
  });
  box.addEventListener("keydown", (e) => {
    if (menu.hidden || e.isComposing) return;
    const row = menu.querySelector("[aria-selected=true]");
    const act = { ArrowDown: () => mark(1), ArrowUp: () => mark(-1), Escape: close, Enter: row && (() => take(row)), Tab: row && (() => take(row)) }[e.key];
    if (act) { e.preventDefault(); e.stopPropagation(); act(); }
  });
  box.addEventListener("blur", close);
}
// A number takes what is suggested under it.
document.addEventListener("keydown", (e) => {
  if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, dialog")) return;
  if (/^[1-9]$/.test(e.key)) document.querySelector(`[data-key="${e.key}"]`)?.click();
});
