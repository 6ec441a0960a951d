// form data-ask="address": while somebody writes, the house is asked what kind of thing it is, and whether it is known.
each("form[data-ask]", (form) => {
  const same = form.querySelector("[data-same]");
  const hint = form.querySelector("[data-guess]");
  const kinds = [...form.querySelectorAll("[name=category]")];
  let chosen = kinds.some((k) => k.value && k.checked);
  let timer;
  let asked = "";
  kinds.forEach((k) => k.addEventListener("change", () => { chosen = Boolean(k.value); hint.textContent = ""; name(); soon(50); }));
  async function ask() {
    const words = form.elements.words.value.trim();
    // By name: the list of other places has the id `place`.
    const place = form.elements.elsewhere?.value || form.querySelector("input[name=place]")?.value || form.elements.place.value;
    const kind = chosen ? kinds.find((k) => k.checked).value : "";
    const now = [words, place, kind].join("\n");
    if (words.length < 4 || now === asked) return;
    asked = now;
    const body = new FormData();
    Object.entries({ token: form.elements.token.value, key: form.elements.key.value, words, place, category: kind }).forEach(([n, v]) => body.append(n, v));
    const answer = await fetch(form.dataset.ask, { method: "POST", body }).then((r) => r.ok && r.json()).catch(() => null);
    if (!answer || now !== asked) return;
    same.innerHTML = answer.known;
    each("[data-known]", (section) => { section.hidden = Boolean(answer.known); }, form);
    if (answer.known) same.prepend(make("p", { className: "small", textContent: same.dataset.heading }));
    if (chosen) return;
    const guess = kinds.find((k) => k.value === (answer.kind || ""));
    if (guess) guess.checked = true;
    hint.textContent = answer.kind ? answer.say : "";
    name();
  }
  const name = () => { form.querySelector("[data-kind]").textContent = kinds.find((k) => k.checked).parentElement.textContent; };
  const soon = (after) => { clearTimeout(timer); timer = setTimeout(ask, after); };
  form.elements.words.addEventListener("input", () => soon(600));
  (form.elements.elsewhere || form.elements.place).addEventListener("change", () => soon(50));
});

// [data-prove-with]: where a slip is on this device, a report can be proven in the same go. The receipt's page does it, by a
// request of its own: what is sent with the report says nothing of the slip.
each("[data-prove-with]", (line) => {
  const where = kept.get("slip");
  if (!where) return;
  const box = line.querySelector("input");
  line.hidden = false;
  line.querySelector("b").textContent = where;
  box.checked = Boolean(kept.get("slip-with"));
  line.closest("form").addEventListener("submit", () => {
    kept.set("slip-with", box.checked);
    tried(() => sessionStorage.setItem("prove", box.checked ? "1" : ""));
  });
});
const way = find("a[data-prove]");
if (way && tried(() => sessionStorage.getItem("prove"))) {
  sessionStorage.removeItem("prove");
  location.replace(way.href + "#now");
}

// [data-work="16"]: so much comes just now that the form shows some work for it. A number is found for which the hash of the form's key,
// a colon and it begins with so many zero bits; without it the house asks to wait and press again.
each("[data-work]", async (field) => {
  if (!window.crypto?.subtle) return;
  const zeros = Number(field.dataset.work);
  const key = field.form.elements.key.value;
  for (let n = 0; ; n += 64) {
    const tries = Array.from({ length: 64 }, (_, i) => n + i);
    const hashes = await Promise.all(tries.map((t) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${key}:${t}`))));
    const found = hashes.findIndex((h) => new DataView(h).getUint32(0) >>> (32 - zeros) === 0);
    if (found < 0) continue;
    field.value = tries[found];
    return;
  }
});
