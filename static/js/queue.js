// Keys of a queue: j k move, o opens, / searches, ? shows them all (a dialog with the id keys).
const queue = find(".queue tbody");
function step(by) {
  const rows = [...queue.rows];
  const now = rows.findIndex((row) => row.matches(".cur"));
  const next = rows[now + by] ?? rows[now] ?? rows[0];
  rows[now]?.classList.remove("cur");
  next?.classList.add("cur");
  next?.querySelector("a")?.focus();
}
if (queue) document.addEventListener("keydown", (e) => {
  if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, dialog")) return;
  const act = {
    j: () => step(1),
    k: () => step(-1),
    o: () => queue.querySelector(".cur a")?.click(),
    "/": () => find("input[type=search]")?.focus(),
    "?": () => find("#keys")?.showModal(),
  }[e.key];
  if (act) { e.preventDefault(); act(); }
});
