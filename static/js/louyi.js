// Improvements only: every page works without this file, and its words come from the page.
const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
const find = (selector) => document.querySelector(selector);

const tried = (act) => { try { return act(); } catch { return null; } };
const kept = {
  get: (key) => tried(() => JSON.parse(localStorage.getItem(key))),
  set: (key, value) => tried(() => localStorage.setItem(key, JSON.stringify(value))),
  drop: (key) => tried(() => localStorage.removeItem(key)),
};

// form data-keep="key": what is typed stays on this device until it has arrived, three days at most.
// It has arrived if the next page is neither an error page nor a form with faults.
const sent = kept.get("keep-sent");
if (sent && !find(".errpg, .wrong, [data-focus]")) kept.drop(sent);
kept.drop("keep-sent");
each("form[data-keep]", (form) => {
  const key = "keep:" + form.dataset.keep;
  const texts = [...form.elements].filter((e) => e.name && (e.type === "textarea" || /^(text|tel|email)$/.test(e.type)));
  const before = kept.get(key);
  if (before && Date.now() - before.at < 3 * 864e5) {
    for (const e of texts) e.value ||= before.of[e.name] || "";
  }
  form.addEventListener("input", () => kept.set(key, { at: Date.now(), of: Object.fromEntries(texts.map((e) => [e.name, e.value])) }));
  form.addEventListener("submit", () => kept.set("keep-sent", key));
});

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

// input data-shrink: photos are shown, and made smaller before they travel; what can't be read travels as it is.
const shrinking = new WeakMap();
async function shrink(file, shown) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const drawn = (longest) => {
    const by = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = make("canvas", { width: picture.width * by, height: picture.height * by });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const figure = make("figure");
  figure.append(drawn(480), make("figcaption", { textContent: file.name }));
  shown.append(figure);
  if (file.size < 4e5) return file;
  const blob = await new Promise((done) => drawn(2048).toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type });
}
each("input[data-shrink]", (input) => {
  const shown = make("div", { className: "shots" });
  input.after(shown);
  input.addEventListener("change", () => {
    shown.replaceChildren();
    const work = Promise.all([...input.files].map((file) => shrink(file, shown))).then((files) => {
      const all = new DataTransfer();
      files.forEach((file) => all.items.add(file));
      input.files = all.files;
    }).catch(() => {}).finally(() => shrinking.delete(input.form));
    shrinking.set(input.form, work);
  });
});

// A form is sent once, after its photos are ready: its buttons rest until the page comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const waiting = shrinking.get(form);
  if (waiting) {
    event.preventDefault();
    waiting.then(() => form.requestSubmit(event.submitter));
  } else if (form.method === "post") {
    setTimeout(() => each("button:enabled", (b) => { b.disabled = true; b.dataset.rest = ""; }, form));
  }
});
addEventListener("pageshow", () => each("[data-rest]", (b) => { b.disabled = false; delete b.dataset.rest; }));

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

// button data-print hidden: appears where there is script to print by.
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
