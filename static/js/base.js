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
