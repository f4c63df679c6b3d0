// The modal (a Slack "view"): an accessible dialog.

import { h, icon, realEnter, uid } from "./dom.js";
import { post, t } from "./store.js";
import { textOf } from "./mrkdwn.js";
import { collect } from "./elements.js";
import { missing, renderBlocks, showErrors } from "./blocks.js";

let open = null; // {id, dialog, blocks, title, ...}
let dismissed = null;
let drawn = "";

export function showView(view, slot) {
  if (!view) dismissed = null;
  if (!view || view.id === dismissed) return shut();
  dismissed = null;
  if (open && open.id !== view.id) shut();
  if (!open) build(view, slot);
  const sig = JSON.stringify(view);
  if (sig !== drawn) fill(view);
  drawn = sig;
}

function shut() {
  if (!open) return;
  open.dialog.close();
  open.dialog.remove();
  open = null;
  drawn = "";
}

function build(view, slot) {
  const titleId = uid("view");
  const title = h("h2", { id: titleId });
  const blocks = h("div", { class: "blocks", oninput: clearError, onchange: clearError });
  const general = h("p", { class: "field-error general", role: "alert", hidden: true });
  const cancel = h("button", { type: "button", class: "btn", data: { testid: "modal-close" }, onclick: leave });
  const send = h("button", { type: "submit", class: "btn primary", data: { testid: "modal-submit" } });
  const form = h("form", { class: "modal-form", novalidate: true, onsubmit: submit, onkeydown: stopIme },
    h("header", {}, h("span", { class: "avatar seal small", "aria-hidden": "true", lang: "ja" }, "確"), title,
      h("button", { type: "button", class: "icon-button", "aria-label": t().close, onclick: leave }, icon("close"))),
    h("div", { class: "modal-body", tabindex: "0", role: "group", "aria-labelledby": titleId }, general, blocks),
    h("footer", {}, cancel, send));
  const dialog = h("dialog", {
    class: "modal", "aria-labelledby": titleId, data: { testid: "modal" },
    oncancel: (e) => {
      e.preventDefault();
      leave();
    },
  }, form);
  slot.append(dialog);
  open = { id: view.id, dialog, title, blocks, general, cancel, send };
  dialog.showModal();
}

function fill(view) {
  open.title.textContent = textOf(view.title);
  open.cancel.textContent = textOf(view.close) || t().close;
  open.send.textContent = textOf(view.submit) || t().submit;
  open.send.hidden = !view.submit;
  const id = view.id;
  const first = !open.blocks.childElementCount;
  renderBlocks(open.blocks, view.blocks || [], () => ({ view_id: id }));
  if (first) open.blocks.querySelector("input, textarea, select, .pick-open")?.focus();
}

// The Enter that ends a conversion must not send the form.
function stopIme(e) {
  if (e.key === "Enter" && e.target.tagName === "INPUT" && !realEnter(e)) e.preventDefault();
}

// A field that is being corrected stops being red.
function clearError(e) {
  const block = e.target.closest(".block.invalid");
  if (!block) return;
  const others = [...open.blocks.children].filter((n) => n !== block && n.classList.contains("invalid"));
  const text = (n) => n.querySelector(":scope > .field-error").textContent;
  showErrors(open.blocks, Object.fromEntries(others.map((n) => [n.dataset.block, text(n)])));
}

function complain(errors) {
  const first = showErrors(open.blocks, errors);
  const known = new Set([...open.blocks.children].filter((n) => n.querySelector(":scope > .field-error")).map((n) => n.dataset.block));
  const rest = Object.entries(errors).filter(([bid]) => !known.has(bid)).map(([, text]) => text);
  open.general.textContent = rest.join("\n");
  open.general.hidden = !rest.length;
  first?.focus();
}

async function submit(e) {
  e.preventDefault();
  const { id, send, blocks } = open;
  if (send.hidden || send.getAttribute("aria-disabled") === "true") return;
  const errors = missing(blocks);
  complain(errors);
  if (Object.keys(errors).length) return;
  send.setAttribute("aria-disabled", "true");
  send.setAttribute("aria-busy", "true");
  const answer = await post("submit", { view_id: id, state: collect(blocks) });
  send.removeAttribute("aria-disabled");
  send.removeAttribute("aria-busy");
  if (open?.id === id && answer?.errors) complain(answer.errors);
}

function leave() {
  if (!open) return;
  dismissed = open.id;
  post("close", { view_id: open.id });
  shut();
}
