// Without a network the report form still opens: a page that was put aside at the first visit, which keeps what is written
// until there is a network again. So does somebody's round, which holds no reporter's words and goes when they sign out. Nothing else
// is kept here: what others wrote does not stay on a phone.
const KEPT = "louyi-VERSION";
const ASIDE = ["/offline", ...ASSETS];
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(ASIDE)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((all) => Promise.all(all.filter((name) => name !== KEPT && name !== ROUND).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
const ROUND = "louyi-round";
const round = (request) => fetch(request).then(async (answer) => {
  const cache = await caches.open(ROUND);
  if (answer.ok && !answer.redirected) await cache.put("/desk/round", answer.clone());
  else await cache.delete("/desk/round");
  return answer;
}).catch(() => caches.match("/desk/round", { cacheName: ROUND }).then((kept) => {
  if (!kept) return aside();
  const headers = new Headers(kept.headers);
  headers.set("X-Kept", "1");
  return kept.blob().then((body) => new Response(body, { status: 200, headers }));
}));
self.addEventListener("message", (event) => { if (event.data?.round) event.waitUntil(round(new Request(event.data.round, { headers: { Accept: "text/html" } }))); });
const aside = () => caches.match("/offline", { ignoreSearch: true });
const reports = (path) => /^\/q\/[^/]+$|^\/b\/[^/]+\/(report|issues\/\d+\/me-too)$/.test(path);

// A form that did not get through: kept as it is, to be sent when somebody says so.
async function keep(request, url) {
  const form = await request.formData();
  const report = { key: form.get("key"), page: url.pathname, to: url.pathname, fields: [], photos: [], at: Date.now() };
  for (const [name, value] of form) {
    if (value instanceof File) value.size && report.photos.push(value);
    else if (!["token", "key"].includes(name)) report.fields.push([name, value]);
  }
  await new Promise((done, failed) => {
    const opening = indexedDB.open("louyi", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("pending", { keyPath: "key" });
    opening.onerror = failed;
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("pending", "readwrite");
      transaction.objectStore("pending").put(report);
      transaction.oncomplete = () => { opening.result.close(); done(); };
      transaction.onerror = failed;
    };
  });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname === "/desk/round" && request.method === "GET") {
    event.respondWith(round(request));
  } else if (/^\/sign-(in|out)/.test(url.pathname)) {
    event.waitUntil(caches.delete(ROUND));
  } else if (ASIDE.includes(url.pathname) && request.method === "GET") {
    event.respondWith(url.pathname === "/offline" ? fetch(request).catch(aside) : caches.match(request).then((found) => found || fetch(request)));
  } else if (request.mode === "navigate" && reports(url.pathname)) {
    if (request.method === "GET") {
      event.respondWith(fetch(request).catch(aside));
    } else if (request.method === "POST") {
      const copy = request.clone();
      event.respondWith(fetch(request).catch(() => keep(copy, url).then(aside)));
    }
  }
});
