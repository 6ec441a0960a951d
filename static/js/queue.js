// A queue: keys (j k move, enter or o opens, x picks, a s t do something with what is picked or with the row under the keys,
// d says that it is done, / searches, ? shows them all), swipes on a phone (right picks, left is the row's next step), and a
// list that looks again by itself when something has happened.
const find = (selector) => document.querySelector(selector);
const queue = () => find("table.queue");
const picked = () => queue()?.querySelectorAll("input[name=pick]:checked").length ?? 0;
const current = () => queue()?.querySelector("tr.cur");
const row = (target) => target.closest?.("table.queue tbody tr:not(.q-group)");
function step(by) {
  const all = [...(queue()?.querySelectorAll("tbody tr:not(.q-group)") ?? [])];
  const now = all.findIndex((each) => each.matches(".cur"));
  const next = all[now + by] ?? all[now] ?? all[0];
  all[now]?.classList.remove("cur");
  next?.classList.add("cur");
  next?.querySelector(".q-t a, a")?.focus();
}
function counted() {
  const words = find("[data-picked]");
  if (words && picked()) words.textContent = words.dataset.words.replace("{n}", picked());
}
function pick(row) {
  const box = row?.querySelector("input[name=pick]");
  if (box) { box.checked = !box.checked; counted(); }
}
function together(verb) {
  if (!picked()) pick(current());
  if (picked()) find(`.q-bar [value=${verb}]`)?.click();
}
// What only script can do appears with it.
function shown() {
  counted();
  for (const button of document.querySelectorAll("[data-all]")) button.hidden = !button.closest("tbody").querySelector("input[name=pick]");
}
shown();
window.addEventListener("pageshow", shown);
document.addEventListener("click", (e) => {
  const group = e.target.closest?.("[data-all]")?.closest("tbody");
  if (!group) return;
  const boxes = [...group.querySelectorAll("input[name=pick]")];
  const all = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !all; });
  counted();
});
if (find(".desk, .queue")) {
  document.addEventListener("change", (e) => { if (e.target.name === "pick") counted(); });
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const act = {
      j: () => step(1),
      k: () => step(-1),
      o: () => current()?.querySelector(".q-t a, a")?.click(),
      x: () => pick(current()),
      a: () => together("accept"),
      s: () => together("assign"),
      t: () => together("transfer"),
      d: () => { if (current()?.dataset.done) location.href = current().dataset.done; },
      "/": () => {
        const search = find("input[type=search]");
        if (search?.closest("details")) search.closest("details").open = true;
        search?.focus();
      },
      "?": () => find("#keys")?.showModal(),
    }[e.key];
    if (act) { e.preventDefault(); act(); }
  });
}

let pull = null;
const far = 72;
const rest = () => { pull?.row.classList.remove("pulled"); pull?.row.style.removeProperty("--by"); pull = null; };
const calm = { passive: true };
document.addEventListener("touchstart", (e) => {
  const at = row(e.target);
  pull = at && e.touches.length === 1 ? { row: at, x: e.touches[0].clientX, y: e.touches[0].clientY, by: 0 } : null;
}, calm);
document.addEventListener("touchmove", (e) => {
  if (!pull) return;
  if (Math.abs(e.touches[0].clientY - pull.y) > 24) return rest();
  pull.by = e.touches[0].clientX - pull.x;
  pull.row.classList.toggle("pulled", Math.abs(pull.by) > 12);
  pull.row.style.setProperty("--by", `${Math.max(-far, Math.min(far, pull.by))}px`);
}, calm);
document.addEventListener("touchend", () => {
  if (!pull) return;
  const { row, by } = pull;
  rest();
  if (by >= far) pick(row);
  if (by <= -far) row.querySelector(".q-a a")?.click();
}, calm);

// Looks again and puts the new list in place of the old: what was picked, where the keys were, and what is being typed above
// it stay. Not while a row is under a finger or a dialog is open.
async function look() {
  if (pull || find("dialog[open]")) return;
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || pull) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const chosen = [...document.querySelectorAll("input[name=pick]:checked")].map((box) => box.value);
  const here = current()?.querySelector(".q-t a")?.getAttribute("href");
  const at = document.activeElement?.closest(".q-form") && (document.activeElement.value || document.activeElement.getAttribute("href"));
  const parts = [".views", ".q-head", ".q-form"];
  const both = (part) => find(`.desk ${part}`) && fresh.querySelector(`.desk ${part}`);
  if (parts.every(both)) parts.forEach((part) => find(`.desk ${part}`).replaceWith(fresh.querySelector(`.desk ${part}`)));
  else if (!find(".desk details[open]")) find(".desk").replaceWith(fresh.querySelector(".desk"));
  for (const box of document.querySelectorAll("input[name=pick]")) box.checked = chosen.includes(box.value);
  [...document.querySelectorAll(".queue .q-t a")].find((a) => a.getAttribute("href") === here)?.closest("tr").classList.add("cur");
  if (at) [...document.querySelectorAll(".q-form :is(a, input, button)")].find((e) => e.value === at || e.getAttribute("href") === at)?.focus();
  shown();
}
if (find("[data-changes]")) {
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(look, 200 + Math.random() * 800); };
  const poll = () => setInterval(() => { if (!document.hidden) look(); }, 60000);
  if (window.EventSource) {
    const source = new EventSource(find("[data-changes]").dataset.changes);
    source.addEventListener("changed", soon);
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) poll(); }, { once: true });
  } else poll();
}
