// Block Kit blocks. A block whose JSON did not change keeps its node, so unsent ticks survive.

import { h, reconcile, uid } from "./dom.js";
import { fullTime } from "./i18n.js";
import { locale, post, t } from "./store.js";
import { emoji, inline, link, mention, mrkdwn, textObject, textOf } from "./mrkdwn.js";
import { collect, imageElement, renderElement } from "./elements.js";
import { visualization } from "./charts.js";

const kept = new WeakMap(); // container -> Map(key -> node)

/** Draw `blocks` into `root`. origin: {channel, message_ts}, {view_id} or {path: "home_action"}, sent with each action. */
export function renderBlocks(root, blocks, origin) {
  const old = kept.get(root) || new Map();
  const now = new Map();
  const nodes = blocks.map((block, i) => {
    const bid = block.block_id || `b${i}`;
    const key = `${i}|${JSON.stringify(block)}`;
    const loose = `${bid}|${JSON.stringify(block)}`;
    const name = block.block_id ? loose : key;
    const fire = (aid, selected) => {
      const { path = "action", ...place } = origin();
      return post(path, { ...place, block_id: bid, action_id: aid, selected, state: collect(root) });
    };
    const node = (!now.has(name) && old.get(name)) || renderBlock(block, bid, fire);
    now.set(name, node);
    return node;
  });
  kept.set(root, now);
  reconcile(root, nodes);
}

function renderBlock(block, bid, fire) {
  const make = BLOCKS[block.type];
  const node = make ? make(block, bid, fire) : h("div", { class: "unsupported" }, t().unsupported(block.type));
  node.classList.add("block", `block-${block.type}`);
  node.dataset.block = bid;
  return node;
}

function section(block, bid, fire) {
  const id = uid("section");
  const single = block.accessory && block.accessory.type !== "image";
  const body = h("div", { class: "section-body" },
    block.text && h("div", { class: block.text.type === "plain_text" ? "text plain" : "text", id }, textObject(block.text)),
    block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("div", { class: f.type === "plain_text" ? "text plain" : "text" }, textObject(f)))));
  if (!block.accessory) return h("div", {}, body);
  const wide = ["checkboxes", "radio_buttons", "multi_static_select", "multi_users_select"].includes(block.accessory.type);
  const element = block.accessory.type === "image" ? imageElement(block.accessory, "thumb")
    : renderElement(block.accessory, { bid, fire, labelledby: single && block.text ? id : null });
  return h("div", { class: wide ? "with-accessory stacked" : "with-accessory" }, body, h("div", { class: "accessory" }, element));
}

function context(block) {
  return h("div", {}, (block.elements || []).map((e) => (e.type === "image"
    ? imageElement(e, "tiny") : h("span", { class: "text" }, textObject(e, true)))));
}

function actions(block, bid, fire) {
  return h("div", { role: "group" }, (block.elements || []).map((e) => renderElement(e, { bid, fire })));
}

function input(block, bid, fire) {
  const el = block.element || {};
  const labelId = uid("label");
  const inputId = uid("input");
  const errorId = uid("error");
  const grouped = ["checkboxes", "radio_buttons", "multi_static_select", "multi_users_select"].includes(el.type);
  const label = h(grouped ? "div" : "label", { class: "field-label", id: labelId, for: grouped ? null : inputId },
    textOf(block.label), block.optional && h("span", { class: "optional" }, ` ${t().optional}`));
  return h("div", { data: { required: block.optional ? null : "1" } }, label,
    renderElement(el, { bid, fire: block.dispatch_action ? fire : null, labelledby: labelId, inputId }),
    h("p", { class: "field-error", id: errorId, role: "alert", hidden: true }),
    block.hint && h("p", { class: "field-hint" }, textOf(block.hint)));
}

function image(block) {
  return h("figure", {}, block.title && h("figcaption", {}, textOf(block.title)), imageElement(block, "picture"));
}

function styled(node, style = {}) {
  let out = node;
  for (const [flag, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]]) {
    if (style[flag]) out = h(tag, {}, out);
  }
  return out;
}

function richInline(e) {
  if (e.type === "link") return styled(link(e.url, e.text), e.style);
  if (e.type === "user") return mention(e.user_id);
  if (e.type === "channel") return inline(`<#${e.channel_id}>`)[0];
  if (e.type === "emoji") return document.createTextNode(emoji(e.name) || `:${e.name}:`);
  if (e.type === "usergroup") return inline(`<!subteam^${e.usergroup_id}>`)[0];
  if (e.type === "broadcast") return inline(`<!${e.range}>`)[0];
  if (e.type === "date") return styled(h("time", {}, e.fallback || fullTime(e.timestamp, locale())), e.style);
  if (e.type === "color") return styled(h("code", {}, e.value), e.style);
  return styled(h("span", { class: "plain" }, e.text || ""), e.style);
}

function rich(e) {
  const kids = e.elements || [];
  if (e.type === "rich_text_list") {
    return h(e.style === "ordered" ? "ol" : "ul", { class: e.indent ? "deep" : null },
      kids.map((item) => h("li", {}, (item.elements || []).map(richInline))));
  }
  const tag = { rich_text_preformatted: "pre", rich_text_quote: "blockquote" }[e.type] || "div";
  return h(tag, {}, kids.map(richInline));
}

function cell(c) {
  if (c.type === "rich_text") return (c.elements || []).map(rich);
  return mrkdwn(c.text || "");
}

function table(block) {
  const aligned = (i) => {
    const align = block.column_settings?.[i]?.align;
    return ["center", "right"].includes(align) ? `to-${align}` : null;
  };
  const [head = [], ...rows] = block.rows || [];
  return h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": block.caption || t().table }, h("table", {},
    block.caption && h("caption", {}, block.caption),
    h("thead", {}, h("tr", {}, head.map((c, i) => h("th", { scope: "col", class: aligned(i) }, cell(c))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((c, i) => (i === block.row_header_column_index
      ? h("th", { scope: "row", class: aligned(i) }, cell(c)) : h("td", { class: aligned(i) }, cell(c)))))))));
}

const STATUS = { pending: "○", in_progress: "◐", complete: "✓", error: "!" };

/** A task and how far it is: in words as well as by its sign. */
function task(block) {
  const status = STATUS[block.status] ? block.status : "pending";
  const text = (part) => part && h("div", { class: "text" }, (part.elements || []).map(rich));
  const sources = (block.sources || []).map((s) => h("li", {}, link(s.url, s.text)));
  return h("div", { class: `task ${status}` }, h("div", { class: "task-head" },
    h("span", { class: "task-sign", "aria-hidden": "true" }, STATUS[status]), h("span", { class: "task-title" }, block.title),
    h("span", { class: "task-status" }, t().status[status])), text(block.details), text(block.output), sources.length > 0 && h("ul", {}, sources));
}

function plan(block) {
  return h("div", {}, h("div", { class: "plan-title" }, block.title), (block.tasks || []).map(task));
}

const BLOCKS = {
  header: (b) => h("h3", {}, textOf(b.text)),
  section,
  context,
  divider: () => h("hr", {}),
  actions,
  input,
  image,
  rich_text: (b) => h("div", { class: "text" }, (b.elements || []).map(rich)),
  markdown: (b) => h("div", { class: "text" }, mrkdwn((b.text || "").replace(/\*\*(.+?)\*\*/g, "*$1*"))),
  table,
  data_table: table,
  data_visualization: visualization,
  task_card: task,
  plan,
};

/** Show {block_id: text} beside the blocks in `root`; answers the first field with an error. */
export function showErrors(root, errors) {
  let first = null;
  for (const node of root.children) {
    const place = node.querySelector(":scope > .field-error");
    if (!place) continue;
    const text = errors[node.dataset.block] || "";
    const field = node.querySelector("input, textarea, select, .pick-open");
    place.textContent = text;
    place.hidden = !text;
    node.classList.toggle("invalid", Boolean(text));
    if (!field) continue;
    if (text) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", place.id);
      first ||= field;
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
  return first;
}

/** Slack's own check before a form is sent: fields that are not optional must hold something. */
export function missing(root) {
  const state = collect(root);
  const errors = {};
  for (const node of root.querySelectorAll(":scope > [data-required]")) {
    const values = Object.values(state[node.dataset.block] || {});
    if (values.length && values.every((v) => v.length === 0)) errors[node.dataset.block] = t().required;
  }
  return errors;
}
