// form data-keep="key": what is typed stays on this device until it has arrived, three days at most, and with it the form's
// own key: sent again after a lost connection it is the same report. It has arrived if the next page is neither an error
// page nor a form with faults.
const sent = kept.get("keep-sent");
const faulty = find(".errpg, .wrong, [data-focus]");
if (sent && !faulty) kept.drop(sent);
kept.drop("keep-sent");
const texts = (form) => [...form.elements].filter((e) => e.name && (e.type === "textarea" || /^(text|tel|email)$/.test(e.type)));
const typed = (form) => Object.fromEntries(texts(form).map((e) => [e.name, e.value]));
each("form[data-keep]", (form) => {
  const name = "keep:" + form.dataset.keep;
  const before = kept.get(name);
  if (before && Date.now() - before.at < 3 * 864e5) {
    for (const e of texts(form)) e.value ||= before.of[e.name] || "";
    if (before.key && !faulty && form.elements.key) form.elements.key.value = before.key;
  }
  form.addEventListener("input", () => kept.set(name, { at: Date.now(), of: typed(form), key: form.elements.key?.value }));
  form.addEventListener("submit", () => kept.set("keep-sent", name));
});

// A form is sent once, after its photos are ready: its buttons rest until the page comes back. Where a file comes, the page stays.
const busy = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const waiting = busy.get(form);
  if (waiting) {
    event.preventDefault();
    waiting.finally(() => { busy.delete(form); form.requestSubmit(event.submitter); });
  } else if (form.method === "post" && !event.defaultPrevented && !("file" in form.dataset)) {
    setTimeout(() => each("button:enabled", (b) => { b.disabled = true; b.dataset.rest = ""; }, form));
  }
});
addEventListener("pageshow", () => each("[data-rest]", (b) => { b.disabled = false; delete b.dataset.rest; }));
