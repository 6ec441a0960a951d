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

// button data-card="address of a code" hidden: draws a picture to pass on in a group, to be kept by a long press.
each("[data-card]", (button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { card, label, title, place, state, foot, alt } = button.dataset;
    const code = make("img", { src: card });
    await code.decode().catch(() => {});
    const canvas = make("canvas", { width: 750, height: 1000 });
    const c = canvas.getContext("2d");
    const fonts = getComputedStyle(document.body).fontFamily;
    const block = (colour, ...box) => { c.fillStyle = colour; c.fillRect(...box); };
    const write = (text, x, y, size, weight = 400) => { c.fillStyle = "#16202a"; c.font = `${weight} ${size}px ${fonts}`; c.fillText(text, x, y); };
    block("#f6bd27", 0, 0, 750, 1000);
    block("#16202a", 40, 0, 4, 1000);
    block("#16202a", 26, 150, 32, 32);
    write(label, 90, 96, 36, 700);
    write(state, 90, 184, 40, 700);
    let line = "";
    let y = 280;
    const words = title.match(/[\x21-\x7e]+\s*|[^\x21-\x7e]/g) || [];
    c.font = `900 60px ${fonts}`;
    for (const word of [...words, null]) {
      if (word === null || c.measureText(line + word).width > 610) {
        write(line, 90, y, 60, 900);
        c.font = `900 60px ${fonts}`;
        line = "";
        y += 80;
        if (y > 530) break;
      }
      line += word ?? "";
    }
    write(place, 90, Math.min(y + 4, 580), 32);
    block("#ffffff", 90, 620, 300, 300);
    if (code.naturalWidth !== undefined) c.drawImage(code, 90, 620, 300, 300);
    write(foot, 420, 900, 30, 700);
    const picture = make("img", { src: canvas.toDataURL("image/png"), alt, className: "card" });
    button.parentElement.parentElement.querySelector("img.card")?.remove();
    button.parentElement.after(picture);
  });
});
