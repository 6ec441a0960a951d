// The round without a network: what is done waits on this device, in its order, and is sent when there is one. Who was
// overtaken meanwhile is told, and nothing is sent over somebody else's word.
const page = document.querySelector("[data-round]");
const box = page.querySelector("[data-round-waiting]");
const list = box.querySelector("ul");
const state = page.querySelector("[data-round-state]");
const make = (name, props) => Object.assign(document.createElement(name), props);
function acts(run) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("louyi-round", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("acts", { keyPath: "at" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const transaction = db.transaction("acts", "readwrite");
      const request = run(transaction.objectStore("acts"));
      transaction.oncomplete = () => { db.close(); done(request.result); };
      transaction.onerror = () => failed(transaction.error);
    };
  });
}
function keep(form) {
  const fields = [];
  const files = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) value.size && files.push(value);
    else if (name !== "token") fields.push([name, value]);
  }
  return acts((store) => store.put({ at: Date.now(), whose: page.dataset.whose, to: form.getAttribute("action"), words: form.dataset.act, multipart: form.enctype.startsWith("multipart"), fields, files }));
}
async function show(faults = new Map()) {
  const all = await acts((store) => store.getAll()).catch(() => []);
  box.hidden = !all.length;
  list.replaceChildren(...all.map((act) => {
    const line = make("li", { textContent: `${act.words} ${act.fields.find(([name]) => name === "evidence")?.[1].slice(0, 24) || ""} ` });
    const fault = faults.get(act.at);
    if (fault) {
      line.append(make("b", { textContent: `${fault} ` }), make("a", { href: act.to.replace(/(\/tasks\/\d+)\/.*$/, "$1"), textContent: page.dataset.open }), " ");
      const drop = make("button", { type: "button", className: "btn small plain", textContent: "×", ariaLabel: `× ${act.words}` });
      drop.addEventListener("click", () => acts((store) => store.delete(act.at)).then(() => show()));
      line.append(drop);
    }
    return line;
  }));
  for (const form of page.querySelectorAll("form[data-act]")) {
    const kept = all.some((act) => act.to === form.getAttribute("action"));
    form.closest("li").classList.toggle("kept", kept);
    if ("step" in form.dataset) form.querySelector("button").setAttribute("aria-pressed", kept);
  }
  // Once every step is ticked, or waits to be, it can be said to be done.
  for (const finish of page.querySelectorAll("[data-finish]")) finish.hidden = Boolean(finish.closest(".stops > li").querySelector(".substeps > li:not(.kept)"));
}
// One after the other, each with a fresh token and with the versions that its writer saw.
async function send() {
  const faults = new Map();
  const answer = await fetch(page.dataset.round, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.headers.has("X-Kept")) return show();
  const token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-round] input[name=token]")?.value;
  let sent = 0;
  for (const act of await acts((store) => store.getAll())) {
    // Somebody else's, on a phone that several use: it waits for them.
    if (!token || answer.redirected || act.whose !== page.dataset.whose) { faults.set(act.at, page.dataset.signedOut); continue; }
    const body = act.multipart ? new FormData() : new URLSearchParams();
    body.append("token", token);
    act.fields.forEach(([name, value]) => body.append(name, value));
    act.files.forEach((file) => body.append("photos", file));
    const result = await fetch(act.to, { method: "POST", body }).catch(() => null);
    if (!result) break;
    if (result.redirected) { await acts((store) => store.delete(act.at)); sent += 1; }
    else faults.set(act.at, page.dataset.conflict);
  }
  await show(faults);
  if (sent && !faults.size) location.reload();
  else if (sent) state.textContent = page.dataset.sent.replace("{n}", sent);
}
const old = () => { page.setAttribute("data-kept-page", ""); state.textContent = page.dataset.old; };
const bodyOf = (form) => (form.enctype.startsWith("multipart") ? new FormData(form) : new URLSearchParams(new FormData(form)));
if (window.indexedDB) {
  page.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    // A tick that waits is taken back by a second press.
    if ("step" in form.dataset && form.closest("li").classList.contains("kept")) {
      const waits = (await acts((store) => store.getAll())).filter((act) => act.to === form.getAttribute("action"));
      for (const act of waits) await acts((store) => store.delete(act.at));
      return show();
    }
    const result = await fetch(form.action, { method: "POST", body: bodyOf(form) }).catch(() => null);
    if (result?.redirected) return location.reload();
    // What stands against it is said by its own page.
    if (result) return HTMLFormElement.prototype.submit.call(form);
    await keep(form);
    await show();
    state.textContent = page.dataset.kept;
    if (!("step" in form.dataset)) box.focus();
  });
  box.querySelector("button").addEventListener("click", send);
  window.addEventListener("online", send);
  window.addEventListener("offline", old);
  fetch(page.dataset.round, { headers: { Accept: "text/html" } }).catch(() => null).then(async (answer) => {
    await show();
    if (!answer || answer.headers.has("X-Kept")) old();
    else if (!box.hidden) await send();
  });
}
const works = isSecureContext && navigator.serviceWorker;
const offline = page.querySelector("[data-round-offline]");
offline.textContent = works ? offline.dataset.works : offline.dataset.https;
if (works) navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((worker) => worker.active?.postMessage({ round: location.href })).catch(() => {});
