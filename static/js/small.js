// The summary of what is wrong is read first.
find("[data-focus]")?.focus();

// data-max: counts characters as people do, not UTF-16 units.
each("[data-max]", (field) => {
  const max = +field.dataset.max;
  const out = make("p", { className: "left" });
  const count = () => {
    const n = [...field.value].length;
    out.textContent = `${n}/${max}`;
    out.classList.toggle("over", n > max);
    out.hidden = n < max / 2;
  };
  field.after(out);
  field.addEventListener("input", count);
  count();
});

// button data-copy="text" data-copied="what it says then" hidden: appears where it works.
if (navigator.clipboard) each("[data-copy]", (button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied || button.textContent;
  });
});

// select data-search="hint": a box above a long list leaves only what fits.
each("select[data-search]", (list) => {
  const options = [...list.options];
  const hint = list.dataset.search;
  const box = make("input", { type: "search", placeholder: hint, ariaLabel: hint, autocomplete: "off" });
  box.addEventListener("input", () => {
    const words = box.value.trim().toLowerCase().split(/\s+/);
    const fit = options.filter((o) => words.every((w) => o.text.toLowerCase().includes(w)));
    list.replaceChildren(...(fit.length ? fit : options));
    if (box.value && fit.length) list.selectedIndex = 0;
  });
  box.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); list.focus(); } });
  list.before(box);
});

// button data-print hidden: appears where there is script to print by.
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
