// Slack's mrkdwn, as DOM nodes.

import { h, safeUrl } from "./dom.js";
import { clock, dayNumbers } from "./i18n.js";
import { channelOf, nameOf, app, botId, locale } from "./store.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️", no_entry: "⛔",
  no_entry_sign: "🚫", octagonal_sign: "🛑", lock: "🔒", unlock: "🔓", closed_lock_with_key: "🔐", key: "🔑", mag: "🔍",
  bulb: "💡", memo: "📝", pencil: "📝", pencil2: "✏️", question: "❓", grey_question: "❔", exclamation: "❗",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", books: "📚", book: "📖", arrows_counterclockwise: "🔄", repeat: "🔁",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴", large_red_circle: "🔴",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", information_source: "ℹ️", wave: "👋", eyes: "👀",
  raised_hand: "✋", raising_hand: "🙋", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", pray: "🙏", tada: "🎉", rocket: "🚀", robot_face: "🤖",
  speech_balloon: "💬", thought_balloon: "💭", link: "🔗", paperclip: "📎", page_facing_up: "📄", clipboard: "📋",
  file_folder: "📁", open_file_folder: "📂", file_cabinet: "🗄️", bar_chart: "📊", calendar: "📅", date: "📅", clock3: "🕒",
  stopwatch: "⏱️", email: "✉️", telephone_receiver: "📞", bust_in_silhouette: "👤", busts_in_silhouette: "👥",
  microscope: "🔬", dna: "🧬", test_tube: "🧪", hospital: "🏥", school: "🏫", office: "🏢", scales: "⚖️",
  balance_scale: "⚖️", shield: "🛡️", globe_with_meridians: "🌐", earth_asia: "🌏", airplane: "✈️", package: "📦", gear: "⚙️",
  wrench: "🔧", arrow_right: "➡️", arrow_left: "⬅️", arrow_down: "⬇️", arrow_up: "⬆️", leftwards_arrow_with_hook: "↩️",
  point_right: "👉", star: "⭐", sparkles: "✨", bell: "🔔", pushpin: "📌", label: "🏷️", bookmark: "🔖", wastebasket: "🗑️",
  construction: "🚧", rotating_light: "🚨", vertical_traffic_light: "🚦", traffic_light: "🚥", one: "1️⃣", two: "2️⃣",
  three: "3️⃣", four: "4️⃣", five: "5️⃣", slightly_smiling_face: "🙂", smile: "😄", thinking_face: "🤔", seedling: "🌱",
};

export function emoji(name) {
  return EMOJI[name] || null;
}

const decode = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const withEmoji = (s) => s.replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji(name) || all);
const plain = (s) => document.createTextNode(withEmoji(decode(s)));

export function mention(id) {
  const own = id === app.user ? " own" : "";
  return h("span", { class: `mention${own}`, data: { userId: id } }, `@${nameOf(id)}`);
}

export function link(url, label) {
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, label || url);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, label || safe);
}

// Of Slack's formats those two that the bot uses; anything else shows its fallback.
function moment(target) {
  const [, seconds, format] = target.split("^");
  if (!/^\d+$/.test(seconds)) return "";
  const words = { "{date_num}": dayNumbers(seconds), "{time}": clock(seconds, locale()) };
  const known = (format || "").replace(/\{[a-z_]+\}/g, (token) => words[token] || token);
  return known && !known.includes("{") ? known : "";
}

function angle(inside) {
  const [target, label] = [inside.split("|")[0], inside.split("|").slice(1).join("|")];
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) {
    const name = channelOf(target.slice(1))?.name || label || target.slice(1);
    return h("a", { class: "mention", href: `#user=${app.user}&channel=${target.slice(1)}` }, `#${name}`);
  }
  if (target.startsWith("!date^")) return plain(moment(target) || label || target);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, `@${label || target.slice(9)}`);
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${label || target.slice(1)}`);
  if (safeUrl(decode(target))) return link(decode(target), label && withEmoji(decode(label)));
  return document.createTextNode(`<${inside}>`);
}

// As in Slack, * _ ~ count only where no letter or digit touches them from outside.
const INLINE = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    "(?<![\\p{L}\\p{N}*])\\*(?!\\s)([^*\\n]+?)(?<!\\s)\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?!\\s)([^_\\n]+?)(?<!\\s)_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(?!\\s)([^~\\n]+?)(?<!\\s)~(?![\\p{L}\\p{N}~])",
  ].join("|"),
  "gu",
);

export function inline(text) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(INLINE)) {
    if (m.index > last) out.push(plain(text.slice(last, m.index)));
    if (m[1] !== undefined) out.push(h("code", {}, decode(m[1])));
    else if (m[2] !== undefined) out.push(angle(m[2]));
    else if (m[3] !== undefined) out.push(h("strong", {}, inline(m[3])));
    else if (m[4] !== undefined) out.push(h("em", {}, inline(m[4])));
    else out.push(h("s", {}, inline(m[5])));
    last = m.index + m[0].length;
  }
  if (last < text.length) out.push(plain(text.slice(last)));
  return out;
}

const QUOTE = /^(?:>|&gt;) ?/;
const BULLET = /^(\s*)(?:[•◦▪‣・]|[-*](?=\s))\s*/;

function lines(text) {
  const out = [];
  const rows = text.split("\n");
  let at = 0;
  const take = (pattern) => {
    const from = at;
    while (at < rows.length && pattern.test(rows[at])) at += 1;
    return rows.slice(from, at);
  };
  while (at < rows.length) {
    if (QUOTE.test(rows[at])) {
      out.push(h("blockquote", {}, lines(take(QUOTE).map((r) => r.replace(QUOTE, "")).join("\n"))));
    } else if (BULLET.test(rows[at])) {
      const items = take(BULLET).map((r) => {
        const deep = BULLET.exec(r)[1].length >= 2;
        return h("li", { class: deep ? "deep" : null }, inline(r.replace(BULLET, "")));
      });
      out.push(h("ul", {}, items));
    } else if (rows[at].trim() === "") {
      at += 1;
      if (out.length && at < rows.length) out.push(h("div", { class: "gap" }));
    } else {
      out.push(h("div", {}, inline(rows[at])));
      at += 1;
    }
  }
  return out;
}

export function mrkdwn(text) {
  const parts = (text || "").split(/```\n?([\s\S]*?)\n?```/);
  return parts.flatMap((part, i) => {
    if (i % 2) return [h("pre", {}, decode(part))];
    const trimmed = part.replace(/^\n|\n$/g, "");
    return trimmed ? lines(trimmed) : [];
  });
}

/** A Block Kit text object. */
export function textObject(object, single = false) {
  if (!object) return [];
  if (typeof object === "string") return [document.createTextNode(object)];
  if (object.type !== "mrkdwn") return [document.createTextNode(withEmoji(object.text || ""))];
  if (single && !object.text.includes("\n")) return inline(object.text);
  return mrkdwn(object.text);
}

export const textOf = (object) => withEmoji(typeof object === "string" ? object : object?.text || "");

/** What a person typed, as Slack would hand it to an app. */
export function toSlackText(typed, users, bot) {
  let text = typed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const people = [...users, { id: botId(), name: bot }].sort((a, b) => b.name.length - a.name.length);
  for (const { id, name } of people) {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    text = text.replace(new RegExp(`[@＠]${escaped}(?![a-z0-9_])`, "giu"), `<@${id}>`);
  }
  return text;
}

/** A message as it was typed: the other way round. */
export function typed(text, bot) {
  const named = (text || "").replace(/<@(\w+)>/g, (_, id) => `@${id === botId() ? bot : nameOf(id)}`);
  return named.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
