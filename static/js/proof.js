// Proves where somebody works without saying who they are: a token is blinded here, signed by the house under the slip on this
// device, and spent with a report by a request that carries no cookie. RSABSSA-SHA384-PSS-Deterministic (RFC 9474 §4), in the
// shape of RFC 9578. Numbers are BigInt; hashes are the browser's.
const join = (...parts) => {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => { all.set(p, at); return at + p.length; }, 0);
  return all;
};
const number = (bytes) => BigInt("0x" + ([...bytes].map((b) => b.toString(16).padStart(2, "0")).join("") || "0"));
const octets = (n, length) => Uint8Array.from(n.toString(16).padStart(2 * length, "0").match(/../g), (b) => parseInt(b, 16));
const hash = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const words = (text) => new TextEncoder().encode(text);
const written = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const read = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const E = 65537n;
const SALT = 48;

function power(base, exponent, n) {
  let result = 1n;
  for (let b = base % n, e = exponent; e > 0n; e >>= 1n, b = b * b % n) if (e & 1n) result = result * b % n;
  return result;
}

// Extended Euclid; nothing where there is no inverse.
function inverse(a, n) {
  let [r, s, x, y] = [n, a % n, 0n, 1n];
  while (s) [r, s, x, y] = [s, r % s, y, x - r / s * y];
  return r === 1n ? (x % n + n) % n : null;
}

async function mask(seed, length) {
  const parts = [];
  for (let i = 0; parts.length * 48 < length; i++) parts.push(await hash("SHA-384", join(seed, octets(BigInt(i), 4))));
  return join(...parts).slice(0, length);
}

// EMSA-PSS-ENCODE with SHA-384 (RFC 8017 §9.1.1).
async function encoded(message, salt, bits) {
  const length = Math.ceil(bits / 8);
  const digest = await hash("SHA-384", join(new Uint8Array(8), await hash("SHA-384", message), salt));
  const block = join(new Uint8Array(length - salt.length - digest.length - 2), Uint8Array.of(1), salt);
  const cover = await mask(digest, block.length);
  const masked = block.map((b, i) => b ^ cover[i]);
  masked[0] &= 255 >> (8 * length - bits);
  return join(masked, digest, Uint8Array.of(0xbc));
}

// Blind (RFC 9474 §4.2). `given` fixes salt and factor, for the vectors of the RFC.
export async function blind(n, message, given = {}) {
  const length = Math.ceil(n.toString(2).length / 8);
  const m = number(await encoded(message, given.salt || random(SALT), n.toString(2).length - 1));
  for (;;) {
    const factor = given.factor || number(random(length));
    const unblind = factor > 0n && factor < n ? inverse(factor, n) : null;
    if (unblind) return { blinded: octets(m * power(factor, E, n) % n, length), unblind, m };
  }
}

// Finalize (RFC 9474 §4.4); nothing where the answer is not a signature.
export function finalized(n, answer, { unblind, m }) {
  const signature = number(answer) * unblind % n;
  return power(signature, E, n) === m ? octets(signature, answer.length) : null;
}

// The modulus in a key of 2048 bits with this exponent, and of no other.
function modulus(key) {
  const tail = written(key.slice(-5)) === written(Uint8Array.of(2, 3, 1, 0, 1));
  return tail && key.length === 342 ? number(key.slice(-261, -5)) : null;
}

// What a token answers (RFC 9577 §2.1). Made here: a context of the house's own could tell people apart.
async function challenge(issuer, building, issue, organisation) {
  const name = join(octets(BigInt(words(issuer).length), 2), words(issuer));
  const context = await hash("SHA-256", words(["louyi proof", building, issue, organisation].join("\n")));
  return hash("SHA-256", join(Uint8Array.of(0, 2), name, Uint8Array.of(32), context, name));
}

// The address of the receipt goes nowhere with the slip: not even as where one came from.
async function post(to, fields, options) {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  const answer = await fetch(to, { method: "POST", body, referrerPolicy: "no-referrer", ...options });
  const json = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(json.error), { told: true });
  return json;
}

// A token for a matter. What was blinded stays on this device until it is spent: a lost answer is asked for again.
async function token(form) {
  const { building, issue, issuer } = form.dataset;
  const about = { token: form.elements.token.value, building, issue };
  const key = await post("/slip/key", about);
  const name = `proof:${building}/${issue}`;
  const spki = read(key.public);
  const n = modulus(spki);
  if (!n) throw new Error("key");
  let kept = JSON.parse(localStorage.getItem(name) || "null");
  if (!kept || kept.key !== key.public) {
    const input = join(Uint8Array.of(0, 2), random(32), await challenge(issuer, building, issue, key.organisation), await hash("SHA-256", spki));
    const { blinded, unblind, m } = await blind(n, input);
    kept = { key: key.public, input: written(input), blinded: written(blinded), unblind: String(unblind), m: String(m) };
    localStorage.setItem(name, JSON.stringify(kept));
  }
  const { signature } = await post("/slip/tokens", { ...about, blinded: kept.blinded });
  const plain = finalized(n, read(signature), { unblind: BigInt(kept.unblind), m: BigInt(kept.m) });
  if (!plain) throw new Error("signature");
  return { token: written(join(read(kept.input), plain)), spent: () => localStorage.removeItem(name) };
}

async function prove(form) {
  const say = form.querySelector("[data-say]");
  const button = form.querySelector("button");
  button.disabled = true;
  say.hidden = false;
  say.textContent = form.dataset.working;
  try {
    const made = await token(form);
    await post(form.dataset.spend, { proof: made.token }, { credentials: "omit" });
    made.spent();
    location.replace(form.dataset.back);
  } catch (error) {
    say.textContent = error.told ? error.message : form.dataset.failed;
    button.disabled = false;
  }
}

const form = document.querySelector("form[data-spend]");
if (form && window.isSecureContext && window.crypto?.subtle && typeof BigInt === "function") {
  document.querySelectorAll("[data-blind]").forEach((e) => { e.hidden = false; });
  document.querySelectorAll("[data-plain]").forEach((e) => { e.hidden = true; });
  form.addEventListener("submit", (event) => { event.preventDefault(); prove(form); });
  // Said so on the form of the report already.
  if (location.hash === "#now") prove(form);
}

// Whether a slip is on this device: its secret can't be read here, so the page that sees it leaves a note for the forms.
const held = document.querySelector("[data-slip]");
if (held) {
  if (held.dataset.slip) localStorage.setItem("slip", JSON.stringify(held.dataset.slip));
  else localStorage.removeItem("slip");
}
