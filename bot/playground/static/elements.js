// Block Kit elements. Each stateful one registers how to read its current values.

import { h, realEnter, safeUrl, uid } from "./dom.js";
import { app, channelLabel, fileUrl, t } from "./store.js";
import { textObject, textOf } from "./mrkdwn.js";
import { multiSelect, overflow } from "./picker.js";

const readers = new WeakMap();

function stateful(node, bid, aid, read) {
  node.dataset.stateful = JSON.stringify([bid, aid]);
  readers.set(node, read);
  return node;
}

/** {block_id: {action_id: [values]}} of everything inside `root`. */
export function collect(root) {
  const state = {};
  for (const node of root.querySelectorAll("[data-stateful]")) {
    const [bid, aid] = JSON.parse(node.dataset.stateful);
    (state[bid] ||= {})[aid] = readers.get(node)();
  }
  return state;
}

/** While the call is in flight the control is busy; afterwards it can be used again. */
async function whileBusy(node, call) {
  if (node.getAttribute("aria-disabled") === "true") return;
  node.setAttribute("aria-disabled", "true");
  node.setAttribute("aria-busy", "true");
  try {
    await call();
  } finally {
    node.removeAttribute("aria-disabled");
    node.removeAttribute("aria-busy");
  }
}

const groupsOf = (el) => (el.option_groups
  ? el.option_groups.map((g) => ({ label: textOf(g.label), options: g.options }))
  : [{ label: "", options: el.options || [] }]);

/**
 * env: {bid, fire(aid, selected) or null, labelledby, inputId}. fire is null inside a plain input block.
 */
export function renderElement(el, env) {
  const make = KINDS[el.type];
  return make ? make(el, env, el.action_id || "") : h("span", { class: "unsupported" }, t().unsupported(el.type));
}

/** The address of a message of this workspace, as Slack writes it. */
const MESSAGE = /\/archives\/(\w+)\/p(\d+)(\d{6})$/;

function button(el, env, aid) {
  const style = ["primary", "danger"].includes(el.style) ? el.style : "";
  const data = { blockId: env.bid, actionId: aid, value: el.value ?? "" };
  const selected = el.value === undefined ? [] : [el.value];
  const url = safeUrl(el.url);
  const node = h(url ? "a" : "button", {
    type: url ? null : "button", class: `btn ${style}`, data, href: url, target: url && "_blank",
    rel: url && "noopener noreferrer", "aria-label": el.accessibility_label,
    onclick: (e) => {
      if (el.confirm && !confirm(`${textOf(el.confirm.title)}\n\n${textOf(el.confirm.text)}`)) return;
      const there = MESSAGE.exec(url || "");
      if (there) {
        e.preventDefault();
        dispatchEvent(new CustomEvent("goto", { detail: { channel: there[1], thread: `${there[2]}.${there[3]}` } }));
      }
      whileBusy(node, () => env.fire?.(aid, selected));
    },
  }, textObject(el.text, true));
  return node;
}

function nativeSelect(env, aid, { groups, initial, placeholder }) {
  const option = (o) => h("option", { value: o.value, data: { value: o.value }, selected: o.value === initial },
    textOf(o.text) + (o.description ? ` – ${textOf(o.description)}` : ""));
  const select = h("select", {
    id: env.inputId, data: { blockId: env.bid, actionId: aid },
    "aria-labelledby": env.labelledby, "aria-label": env.labelledby ? null : placeholder,
    onchange: () => {
      paint();
      env.fire?.(aid, [select.value]);
    },
  }, h("option", { value: "", disabled: initial ? true : null, hidden: Boolean(initial) }, placeholder),
  groups.map((g) => (g.label ? h("optgroup", { label: g.label }, g.options.map(option)) : g.options.map(option))));
  const paint = () => select.classList.toggle("unset", select.value === "");
  paint();
  return stateful(h("span", { class: "select" }, select), env.bid, aid, () => (select.value ? [select.value] : []));
}

const placeholderOf = (el) => textOf(el.placeholder) || t().choose;

function staticSelect(el, env, aid) {
  return nativeSelect(env, aid, {
    groups: groupsOf(el), initial: el.initial_option?.value, placeholder: placeholderOf(el),
  });
}

const people = () => (app.state?.users || []).map((u) => ({ text: u.name, value: u.id }));

function usersSelect(el, env, aid) {
  return nativeSelect(env, aid, {
    groups: [{ label: "", options: people() }], initial: el.initial_user, placeholder: placeholderOf(el),
  });
}

function conversationsSelect(el, env, aid) {
  const places = (app.state?.channels || []).map((c) => ({ text: channelLabel(c), value: c.id }));
  const here = el.default_to_current_conversation ? app.channel : undefined;
  return nativeSelect(env, aid, {
    groups: [{ label: "", options: places }], initial: el.initial_conversation ?? here, placeholder: placeholderOf(el),
  });
}

function multi(el, env, aid) {
  const ofUsers = el.type === "multi_users_select";
  const { node, read } = multiSelect({
    groups: ofUsers ? [{ label: "", options: people() }] : groupsOf(el),
    initial: ofUsers ? el.initial_users || [] : (el.initial_options || []).map((o) => o.value),
    placeholder: placeholderOf(el), max: el.max_selected_items, labelledby: env.labelledby, label: placeholderOf(el),
    bid: env.bid, aid, onchange: (values) => env.fire?.(aid, values),
  });
  return stateful(node, env.bid, aid, read);
}

function ticks(el, env, aid) {
  const single = el.type === "radio_buttons";
  const initial = (single ? [el.initial_option] : el.initial_options || []).filter(Boolean).map((o) => o.value);
  const name = uid("group");
  const read = () => [...node.querySelectorAll("input:checked")].map((i) => i.value);
  const node = h("div", {
    class: "ticks", role: single ? "radiogroup" : "group",
    "aria-labelledby": env.labelledby, "aria-label": env.labelledby ? null : aid,
  }, (el.options || []).map((o) => {
    const says = o.description && uid("says");
    return h("label", { class: "tick" },
      h("input", {
        type: single ? "radio" : "checkbox", name, value: o.value, checked: initial.includes(o.value),
        data: { blockId: env.bid, actionId: aid, value: o.value }, "aria-describedby": says,
        onchange: () => env.fire?.(aid, read()),
      }),
      h("span", { class: "option-text" }, h("span", {}, textObject(o.text, true)),
        o.description && h("small", { id: says }, textObject(o.description, true))));
  }));
  return stateful(node, env.bid, aid, read);
}

const INPUT_TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number", datepicker: "date", timepicker: "time" };

function textInput(el, env, aid) {
  const long = el.multiline === true;
  const fire = () => env.fire?.(aid, field.value ? [field.value] : []);
  const field = h(long ? "textarea" : "input", {
    id: env.inputId, type: long ? null : INPUT_TYPES[el.type] || "text", rows: long ? 4 : null, class: "text-input",
    placeholder: textOf(el.placeholder), maxlength: el.max_length, minlength: el.min_length, autocomplete: "off",
    min: el.min_value, max: el.max_value, step: el.is_decimal_allowed ? "any" : null,
    data: { blockId: env.bid, actionId: aid },
    "aria-labelledby": env.labelledby, "aria-label": env.labelledby ? null : textOf(el.placeholder) || aid,
    onkeydown: (e) => {
      if (env.fire && !long && realEnter(e)) {
        e.preventDefault();
        fire();
      }
    },
    onchange: () => ["datepicker", "timepicker"].includes(el.type) && fire(),
  });
  field.value = el.initial_value ?? el.initial_date ?? el.initial_time ?? "";
  return stateful(h("span", { class: "text-wrap" }, field), env.bid, aid, () => (field.value ? [field.value] : []));
}

function overflowMenu(el, env, aid) {
  return overflow({
    options: el.options || [], label: t().more, bid: env.bid, aid,
    onpick: (o, opener) => whileBusy(opener, () => {
      if (safeUrl(o.url)) window.open(o.url, "_blank", "noopener");
      return env.fire?.(aid, [o.value]);
    }),
  });
}

export function imageElement(el, kind) {
  const address = el.image_url || el.slack_file?.url || fileUrl(el.slack_file?.id) || "";
  const url = /^(https?:|data:image\/|\/)/i.test(address) ? address : null;
  if (!url) return h("span", { class: "unsupported" }, el.alt_text || "image");
  return h("img", { class: kind, src: url, alt: el.alt_text || "", loading: "lazy" });
}

const KINDS = {
  button,
  static_select: staticSelect,
  users_select: usersSelect,
  conversations_select: conversationsSelect,
  multi_static_select: multi,
  multi_users_select: multi,
  checkboxes: ticks,
  radio_buttons: ticks,
  overflow: overflowMenu,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  datepicker: textInput,
  timepicker: textInput,
  image: (el) => imageElement(el, "thumb"),
};
