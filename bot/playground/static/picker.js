// Pop-up pieces: the multi-select list box and the overflow menu.

import { h, icon, reconcile, uid } from "./dom.js";
import { t } from "./store.js";
import { textOf } from "./mrkdwn.js";

/** Put a popover near its anchor, inside the window. Top layer: never clipped, works inside dialogs. */
function place(popup, anchor) {
  const box = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(box.width, 280), innerWidth - 16);
  popup.style.width = popup.classList.contains("menu") ? "" : `${width}px`;
  const size = popup.getBoundingClientRect();
  const below = innerHeight - box.bottom - 12;
  const above = box.top - 12;
  const up = size.height > below && above > below;
  popup.style.maxHeight = `${Math.min(360, up ? above : below)}px`;
  const height = Math.min(popup.getBoundingClientRect().height, up ? above : below);
  popup.style.top = `${up ? box.top - height - 4 : box.bottom + 4}px`;
  popup.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`;
}

/** Wire an opener button to a popover: open, close, click outside, Escape, scrolling. */
function popover(opener, popup, { anchor = opener, onopen, onclose }) {
  let open = false;
  const outside = (e) => {
    if (!popup.contains(e.target) && !anchor.contains(e.target)) close(false);
  };
  const moved = (e) => {
    if (e.type === "resize" || !popup.contains(e.target)) place(popup, anchor);
  };
  const escape = (e) => {
    if (e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    close(true);
  };
  function close(refocus) {
    if (!open) return;
    open = false;
    opener.setAttribute("aria-expanded", "false");
    if (popup.isConnected) popup.hidePopover();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    removeEventListener("resize", moved);
    removeEventListener("scroll", moved, true);
    if (refocus) opener.focus();
    onclose?.();
  }
  function show() {
    if (open) return close(true);
    open = true;
    opener.setAttribute("aria-expanded", "true");
    popup.showPopover();
    place(popup, anchor);
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("keydown", escape, true);
    addEventListener("resize", moved);
    addEventListener("scroll", moved, true);
    onopen?.();
  }
  popup.addEventListener("focusout", (e) => {
    if (e.relatedTarget && !popup.contains(e.relatedTarget) && !anchor.contains(e.relatedTarget)) close(false);
  });
  opener.addEventListener("click", show);
  opener.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" && !open) {
      e.preventDefault();
      show();
    }
  });
  return { close, isOpen: () => open };
}

/** Arrow keys, Home and End between the visible items of a pop-up. */
function roving(popup, items) {
  popup.addEventListener("keydown", (e) => {
    const shown = items.filter((i) => !i.hidden);
    const at = shown.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[e.key];
    if (to === undefined || (at < 0 && e.key !== "ArrowDown")) return;
    e.preventDefault();
    shown[Math.max(0, Math.min(shown.length - 1, to))]?.focus();
  });
}

/**
 * groups: [{label, options: [{text, value, description}]}]. Calls onchange(values) when the list
 * closes after a change or when a chip is removed, as Slack does. Returns {node, read}.
 */
export function multiSelect({ groups, initial, placeholder, max, labelledby, label, bid, aid, onchange }) {
  const all = groups.flatMap((g) => g.options);
  const chosen = new Set(initial.filter((v) => all.some((o) => o.value === v)));
  const read = () => all.map((o) => o.value).filter((v) => chosen.has(v));
  let before = JSON.stringify(read());
  const data = { blockId: bid, actionId: aid };
  const own = uid("pick");
  const chips = h("span", { class: "chips" });
  const hint = h("span", { class: "pick-hint", id: own });
  const opener = h("button", {
    type: "button", class: "pick-open", "aria-haspopup": "listbox", "aria-expanded": "false", data,
    "aria-label": labelledby ? null : label, "aria-labelledby": labelledby ? `${labelledby} ${own}` : null,
  }, hint, icon("down"));
  const node = h("div", { class: "pick" }, chips, opener);
  const rows = all.map((o) => h("li", {
    role: "option", class: "pick-option", tabindex: "-1", "aria-selected": String(chosen.has(o.value)),
    data: { ...data, value: o.value },
    onclick: () => toggle(o.value),
    onkeydown: (e) => {
      if (e.key !== " " && e.key !== "Enter") return;
      e.preventDefault();
      e.stopPropagation();
      toggle(o.value);
    },
  }, h("span", { class: "box" }, icon("check")), h("span", { class: "option-text" },
    h("span", {}, textOf(o.text)), o.description && h("small", {}, textOf(o.description)))));
  const rowOf = new Map(all.map((o, i) => [o.value, rows[i]]));
  const list = h("ul", { role: "listbox", "aria-multiselectable": "true", "aria-labelledby": labelledby, "aria-label": label },
    groups.map((g) => (g.label
      ? h("li", { role: "group", "aria-label": g.label }, h("div", { class: "pick-group", "aria-hidden": "true" }, g.label),
        h("ul", { role: "none" }, g.options.map((o) => rowOf.get(o.value))))
      : g.options.map((o) => rowOf.get(o.value)))));
  const none = h("p", { class: "pick-none", hidden: true }, t().nothing);
  const filter = all.length > 8 && h("input", {
    class: "pick-filter", type: "text", placeholder: t().filter, "aria-label": t().filter, autocomplete: "off",
    oninput: () => {
      const wanted = filter.value.trim().toLowerCase();
      rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
      none.hidden = rows.some((row) => !row.hidden);
    },
    onkeydown: (e) => e.key === "Enter" && e.preventDefault(),
  });
  const note = max && h("p", { class: "pick-note" }, t().upToMax(max));
  const popup = h("div", { class: "popup", popover: "manual" }, filter, note, h("div", { class: "pick-scroll" }, list, none));
  node.append(popup);
  roving(popup, rows);
  const pop = popover(opener, popup, {
    anchor: node,
    onopen: () => (filter || rows.find((r) => r.getAttribute("aria-selected") === "true") || rows[0])?.focus(),
    onclose: () => tell(),
  });

  function tell() {
    const now = JSON.stringify(read());
    if (now === before) return;
    before = now;
    onchange?.(read());
  }
  function toggle(value) {
    if (chosen.has(value)) chosen.delete(value);
    else if (!max || chosen.size < max) chosen.add(value);
    draw();
    node.dispatchEvent(new Event("change", { bubbles: true })); // for the form around it
  }
  function draw() {
    for (const [value, row] of rowOf) row.setAttribute("aria-selected", String(chosen.has(value)));
    const picked = all.filter((o) => chosen.has(o.value));
    reconcile(chips, picked.map((o) => h("span", { class: "chip" }, h("span", { class: "chip-text" }, textOf(o.text)),
      h("button", {
        type: "button", "aria-label": t().remove(textOf(o.text)),
        onclick: () => {
          toggle(o.value);
          opener.focus();
          if (!pop.isOpen()) tell();
        },
      }, icon("close")))));
    hint.textContent = picked.length ? t().chosen(picked.length) : placeholder;
    node.classList.toggle("filled", picked.length > 0);
  }
  draw();
  return { node, read };
}

export function overflow({ options, label, bid, aid, onpick }) {
  const data = { blockId: bid, actionId: aid };
  const opener = h("button", {
    type: "button", class: "btn overflow", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, data,
  }, icon("more"));
  const items = options.map((o) => h("button", {
    type: "button", role: "menuitem", class: "menu-item", data: { ...data, value: o.value },
    onclick: () => {
      pop.close(true);
      onpick(o, opener);
    },
  }, h("span", {}, textOf(o.text)), o.description && h("small", {}, textOf(o.description))));
  const popup = h("div", { class: "popup menu", popover: "manual", role: "menu" }, items);
  roving(popup, items);
  const pop = popover(opener, popup, { onopen: () => items[0]?.focus() });
  return h("span", { class: "overflow-wrap" }, opener, popup);
}
