// Small helpers to build and update DOM nodes. Text never goes through innerHTML.

let counter = 0;
export const uid = (prefix = "k") => `${prefix}-${++counter}`;

/** h("button", {class: "x", onclick: f, "aria-label": "…", data: {value: "1"}}, ...children) */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "data") Object.assign(node.dataset, clean(value));
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

function clean(data) {
  return Object.fromEntries(Object.entries(data).filter(([, v]) => v !== undefined && v !== null));
}

/** Make `nodes` the children of `parent`, moving as little as possible (focus and state survive). */
export function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

const PATHS = {
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  send: "M5 12L4 4l17 8-17 8 1-8zm0 0h8",
  plus: "M12 5v14M5 12h14",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  reply: "M5 5h14v10h-7l-5 4v-4H5z",
  eye: "M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12zm10 3a3 3 0 100-6 3 3 0 000 6z",
  down: "M7 10l5 5 5-5",
  check: "M5 13l4 4L19 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  lock: "M7 11V8a5 5 0 0110 0v3M5 11h14v10H5z",
};

export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** True for an Enter that really means Enter, not the end of a Japanese conversion. */
export function realEnter(event) {
  return event.key === "Enter" && !event.isComposing && event.keyCode !== 229;
}

/** Only addresses that are safe to put in a link. */
export function safeUrl(url) {
  return /^(https?:|mailto:|tel:)/i.test(url || "") ? url : null;
}

const hash = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) >>> 0, 7);

export function avatar(id, name, isBot, size = "") {
  if (isBot) return h("span", { class: `avatar seal ${size}`, "aria-hidden": "true", lang: "ja" }, "確");
  const words = (name || "?").trim().split(/[\s　]+/);
  const latin = /^[\u0000-\u024f]/.test(name || "?");
  const initials = latin ? words.slice(0, 2).map((w) => w[0]).join("").toUpperCase() : [...words[0]][0];
  return h("span", { class: `avatar tone-${hash(id || "") % 8} ${size}`, "aria-hidden": "true" }, initials);
}
