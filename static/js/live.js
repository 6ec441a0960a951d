// A screen in an open session: looks again as soon as something has happened there, keeps what is being typed, counts the time that
// runs, and says when it has lost the line. Without this file a page is loaded anew by hand, and the projector by itself.
const find = (selector, within = document) => within.querySelector(selector);
const parts = (within = document) => [...within.querySelectorAll("[data-part]")];
const listens = find("[data-changes]");

// Time that runs, counted from when the page was made: the clock of the phone may be wrong.
let since = performance.now();
setInterval(() => {
  for (const time of document.querySelectorAll("[data-elapsed]")) {
    const seconds = Number(time.dataset.elapsed) + Math.floor((performance.now() - since) / 1000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (time.dataset.limit) time.classList.toggle("over", seconds > Number(time.dataset.limit));
  }
}, 1000);

document.addEventListener("input", (e) => e.target.closest("[data-part]")?.setAttribute("data-typed", ""));

// Which part somebody is in the middle of.
const busy = (part) => part.matches("[data-typed]") || (part.contains(document.activeElement) && document.activeElement.matches("input:not([type=radio], [type=checkbox]), textarea, select"));
function put(old, fresh) {
  if (old.dataset.keep !== undefined && old.dataset.keep === fresh.dataset.keep) return;
  if (old.outerHTML === fresh.outerHTML) return;
  if (busy(old)) { find("[data-stale]")?.removeAttribute("hidden"); return; }
  const open = [...old.querySelectorAll("details[open] > summary")].map((s) => s.textContent);
  const at = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  for (const summary of fresh.querySelectorAll("details > summary")) if (open.includes(summary.textContent)) summary.parentElement.open = true;
  if (at) [...fresh.querySelectorAll("a, button")].find((e) => e.textContent === at.textContent && e.getAttribute("href") === at.getAttribute("href"))?.focus();
}
let looking = false;
let again = false;
async function look() {
  if (looking) { again = true; return; }
  looking = true;
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => null) : null;
  looking = false;
  lost(!answer || answer.status >= 500);
  if (html === null) return;
  // The session has gone on to another page: the meeting is over, or this screen is signed out.
  if (answer.redirected && !find("[data-typed]")) { location.href = answer.url; return; }
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const names = new Set(parts(fresh).map((part) => part.dataset.part));
  for (const part of parts(fresh)) {
    const old = find(`[data-part="${part.dataset.part}"]`);
    if (old) put(old, part);
  }
  const gone = parts().filter((part) => !names.has(part.dataset.part) && !busy(part));
  const came = [...names].some((name) => !find(`[data-part="${name}"]`));
  if (gone.length || came) {
    const main = find("[data-live]");
    if (main && !parts().some(busy)) main.replaceWith(fresh.querySelector("[data-live]"));
    else find("[data-stale]")?.removeAttribute("hidden");
  }
  since = performance.now();
  for (const time of document.querySelectorAll("[data-elapsed]")) {
    const now = fresh.querySelector(`[data-elapsed][data-of="${time.dataset.of}"]`);
    if (now) time.dataset.elapsed = now.dataset.elapsed;
  }
  if (again) { again = false; look(); }
}
let poll = 0;
function lost(yes) {
  const words = find("[data-lost]");
  if (words) words.hidden = !yes;
}
function asks() {
  poll ||= setInterval(look, 3000);
}
if (listens) {
  if (window.EventSource) {
    const source = new EventSource(listens.dataset.changes);
    let before = false;
    source.addEventListener("changed", look);
    // After a break nobody tells what was missed: look.
    source.addEventListener("open", () => { lost(false); if (before) look(); before = true; });
    source.addEventListener("error", () => { lost(true); if (source.readyState === EventSource.CLOSED) asks(); });
  } else asks();
  addEventListener("pageshow", (e) => { if (e.persisted) look(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}
