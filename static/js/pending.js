// Reports that could not be sent for want of a network wait on this device, with their photos, until somebody says that
// they may go. form[data-report] and the page without a network put them there; the strip [data-pending] asks.
const STORE = "pending";
function waiting(act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("louyi", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const transaction = db.transaction(STORE, "readwrite");
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => { db.close(); done(request.result); };
      transaction.onerror = () => failed(transaction.error);
    };
  });
}

// What a form holds, without the token, which may be too old by then.
function held(form, page, to) {
  const fields = [];
  const photos = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) value.size && photos.push(value);
    else if (!["token", "key"].includes(name)) fields.push([name, value]);
  }
  const key = form.elements.key?.value || [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return { key, page, to, fields, photos, at: Date.now() };
}

// Sends one: the page is fetched anew for a token and the place, then its form is sent with what was kept.
async function deliver(report) {
  const page = await fetch(report.page, { headers: { Accept: "text/html" } });
  const form = page.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-report]");
  if (!form) throw new Error("no form");
  const body = new FormData(form);
  body.delete("photos");
  body.set("key", report.key);
  new Set(report.fields.map(([name]) => name)).forEach((name) => body.delete(name));
  report.fields.forEach(([name, value]) => body.append(name, value));
  report.photos.forEach((photo) => body.append("photos", photo));
  const answer = await fetch(report.to || form.getAttribute("action"), { method: "POST", body });
  if (!answer.redirected) return { refused: true };
  await waiting((store) => store.delete(report.key));
  return { to: answer.url };
}

const strip = find("[data-pending]");
async function offer() {
  const reports = await waiting((store) => store.getAll()).catch(() => []);
  strip.hidden = !reports.length;
  strip.querySelector("ul").replaceChildren(...reports.map((report) => {
    const line = make("li");
    const words = report.fields.find(([name]) => name === "words")?.[1] || "";
    const time = new Date(report.at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
    const say = make("span", { textContent: `${time} ${words.slice(0, 24)} ` });
    const go = make("button", { type: "button", className: "btn small main", textContent: strip.dataset.send });
    const leave = make("button", { type: "button", className: "btn small plain", textContent: strip.dataset.drop });
    go.addEventListener("click", async () => {
      go.disabled = true;
      const result = await deliver(report).catch(() => null);
      if (result?.to) location.assign(result.to);
      else if (result?.refused) say.replaceChildren(strip.dataset.refused + " ", make("a", { href: report.page, textContent: strip.dataset.open }));
      else { say.textContent = strip.dataset.offline; go.disabled = false; }
    });
    leave.addEventListener("click", async () => { await waiting((store) => store.delete(report.key)); offer(); });
    line.append(say, go, leave);
    return line;
  }));
}
async function keepForLater(form, page, to) {
  await waiting((store) => store.put(held(form, page, to)));
  await offer();
  strip.scrollIntoView({ block: "center" });
  strip.focus();
}
if (strip && window.indexedDB) {
  offer();
  each("form[data-report]", (form) => form.addEventListener("submit", (event) => {
    if (navigator.onLine && !form.dataset.offline) return;
    event.preventDefault();
    keepForLater(form, location.pathname + location.search, event.submitter?.getAttribute("formaction")).then(() => { form.hidden = true; });
  }));
}

// The page opens without a network only where the browser allows it.
if (find("[data-report]")) {
  if (isSecureContext && navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});
  else each("[data-insecure]", (p) => { p.hidden = false; });
}
