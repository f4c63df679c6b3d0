// Message lists: the channel and the thread pane. Nodes are kept by time stamp and content.

import { avatar, h, icon, reconcile } from "./dom.js";
import { clock, dayKey, dayName, fullTime } from "./i18n.js";
import { app, botName, isBot, locale, nameOf, post, t } from "./store.js";
import { emoji, mrkdwn, toSlackText, typed } from "./mrkdwn.js";
import { overflow } from "./picker.js";
import { renderBlocks } from "./blocks.js";

const authorId = (m) => (isBot(m) ? "bot" : m.user || "");
export const authorName = (m) => (isBot(m) ? botName() : nameOf(m.user));
export const rootTs = (m) => m.thread_ts || m.ts;

/** Split a channel's messages: what stands in the channel, and replies by thread. */
export function threads(messages) {
  const known = new Set(messages.map((m) => m.ts));
  const roots = [];
  const replies = new Map();
  for (const m of messages) {
    if (m.thread_ts && m.thread_ts !== m.ts) {
      if (!replies.has(m.thread_ts)) replies.set(m.thread_ts, []);
      replies.get(m.thread_ts).push(m);
      if (!known.has(m.thread_ts)) roots.push(m); // its first message is gone
    } else if (m.subtype !== "assistant_app_thread") roots.push(m); // a pane has a tab of its own
  }
  return { roots, replies };
}

/** One list on the page. openThread(ts) is called from reply links. */
export class MessageList {
  constructor(node, openThread) {
    this.node = node;
    this.openThread = openThread;
    this.kept = new Map();
    this.place = "";
  }

  /** place: changes with user, channel, thread; then nothing is kept. */
  draw(place, channel, messages, { replies = null, divideAfterFirst = "" } = {}) {
    const moved = place !== this.place;
    if (moved) {
      this.kept.clear();
      this.place = place;
      this.node.setAttribute("aria-live", "off"); // a new room is not news
      setTimeout(() => this.node.setAttribute("aria-live", "polite"), 300);
    }
    const nodes = [];
    const alive = new Set();
    const keep = (key, make) => {
      alive.add(key);
      if (!this.kept.has(key)) this.kept.set(key, make());
      nodes.push((this.kept.get(key)).node);
      return this.kept.get(key);
    };
    let before = null;
    messages.forEach((m, i) => {
      const day = dayKey(m.ts);
      const newDay = !before || dayKey(before.ts) !== day;
      if (newDay && !divideAfterFirst) {
        keep(`day ${day}`, () => ({ node: h("div", { class: "day", role: "separator" }, h("span", {}, dayName(m.ts, locale()))) }));
      }
      const near = before && !newDay && authorId(before) === authorId(m) && m.ts - before.ts < 300
        && Boolean(before.ephemeral) === Boolean(m.ephemeral) && !replies?.get(before.ts)?.length;
      const item = keep(`${m.ts} ${m.ephemeral ? "e" : ""}`, () => this.make(m));
      this.update(item, m, channel, Boolean(near && !(divideAfterFirst && i === 1)), replies?.get(m.ts) || null, replies !== null);
      if (divideAfterFirst && i === 0) {
        keep(`replies ${divideAfterFirst}`, () => ({ node: h("div", { class: "day count", role: "separator" }, h("span", {}, divideAfterFirst)) }));
      }
      before = m;
    });
    for (const key of [...this.kept.keys()]) if (!alive.has(key)) this.kept.delete(key);
    reconcile(this.node, nodes);
  }

  make(m) {
    const bot = isBot(m);
    const name = authorName(m);
    const body = h("div", { class: "body" });
    const stamp = () => h("time", { class: "time", title: fullTime(m.ts, locale()) }, clock(m.ts, locale()));
    const head = h("div", { class: "head" }, h("span", { class: "author" }, name),
      bot && h("span", { class: "app-badge" }, t().app), stamp());
    const edited = h("span", { class: "edited", hidden: true }, t().edited);
    const foot = h("div", { class: "foot" });
    const tools = h("div", { class: "tools" });
    const node = h("article", {
      class: "message", data: { ts: m.ts, author: bot ? "bot" : m.user }, "aria-label": `${name} ${clock(m.ts, locale())}`,
    }, h("div", { class: "gutter" }, avatar(m.user, name, bot), stamp()),
    h("div", { class: "content" },
      m.ephemeral && h("div", { class: "only-you" }, icon("eye"), t().onlyYou),
      head, body, edited, foot), tools);
    if (m.ephemeral) node.classList.add("ephemeral");
    if (bot) node.classList.add("from-bot");
    return { node, body, edited, foot, tools, sig: null, footSig: null };
  }

  update(item, m, channel, compact, replies, canThread) {
    item.node.classList.toggle("compact", compact);
    item.edited.hidden = !m.edited || Boolean(m.blocks?.length && isBot(m));
    const sig = JSON.stringify([m.text, m.blocks, m.files, m.reactions]);
    if (sig !== item.sig) {
      item.sig = sig;
      this.fill(item, m, channel);
    }
    const last = replies?.[replies.length - 1];
    const footSig = JSON.stringify([replies?.length, last?.ts, canThread && !m.ephemeral, m.text, m.subtype]);
    if (footSig === item.footSig) return;
    item.footSig = footSig;
    const threadTs = rootTs(m);
    const reply = canThread && h("button", {
      type: "button", class: "icon-button", "aria-label": t().replyInThread, title: t().replyInThread,
      data: { testid: "reply" }, onclick: () => this.openThread(threadTs, true),
    }, icon("reply"));
    reconcile(item.tools, m.ephemeral || m.subtype === "tombstone" ? [] : [reply, menu(m, channel)].filter(Boolean));
    reconcile(item.foot, last ? [this.replyLink(threadTs, replies, last)] : []);
  }

  fill(item, m, channel) {
    if (m.blocks?.length) {
      item.blocks ||= h("div", { class: "blocks" });
      renderBlocks(item.blocks, m.blocks, () => ({ channel, message_ts: m.ts }));
    } else item.blocks = null;
    const files = (m.files || []).map(file);
    reconcile(item.body, [
      item.blocks || h("div", { class: "text" }, mrkdwn(m.text)),
      ...files,
      ...(m.reactions || []).map((r) => h("span", { class: "reaction" }, emoji(r.name) || r.name, ` ${r.count}`)),
    ]);
  }

  replyLink(ts, replies, last) {
    const faces = new Map(replies.map((r) => [authorId(r), r]));
    return h("button", {
      type: "button", class: "reply-link", data: { testid: "replies", threadTs: ts }, onclick: () => this.openThread(ts, true),
    }, [...faces.values()].slice(0, 4).map((r) => avatar(r.user, authorName(r), isBot(r), "tiny-face")),
    h("strong", {}, t().replies(replies.length)), h("span", { class: "last-reply" }, t().lastReply(clock(last.ts, locale()))));
  }
}

/** A file: one of the bot's can be looked at or downloaded, of a person's own only the name is there. */
function file(f) {
  if (!f.url_private) return h("div", { class: "file" }, icon("file"), h("span", {}, f.title || f.name));
  if (f.mimetype.startsWith("image/")) return h("img", { class: "picture", src: f.url_private, alt: f.alt_txt || f.title });
  return h("a", { class: "file", href: f.url_private, download: f.name }, icon("file"), h("span", {}, f.title || f.name),
    h("span", { class: "file-act" }, t().download));
}

/** What Slack offers on a message: the app's shortcuts, and what one may do with a message of one's own. */
function menu(m, channel) {
  const where = { channel, message_ts: m.ts };
  const plain = (text, value) => ({ text: { type: "plain_text", text }, value });
  const acts = {
    react: () => post("react", { ...where, reaction: "mag" }),
    edit: () => {
      const text = prompt(t().editPrompt, typed(m.text, botName()));
      if (text) post("edit", { ...where, text: toSlackText(text, app.state.users, botName()) });
    },
    remove1: () => post("delete", where),
  };
  const shortcuts = app.state.shortcuts.filter((s) => s.type === "message");
  const own = m.user === app.user ? ["edit", "remove1"] : [];
  return overflow({
    options: [...shortcuts.map((s) => plain(s.name, s.callback_id)), ...["react", ...own].map((name) => plain(t()[name], name))],
    label: t().menuOf, bid: "", aid: "message-menu",
    onpick: ({ value }) => (acts[value] ? acts[value]() : post("shortcut", { ...where, callback_id: value })),
  });
}

/** Keep a scroller at its end, but never push the top of a tall new message out of sight. */
export class Follower {
  constructor(scroller, list) {
    this.scroller = scroller;
    this.list = list;
    this.place = "";
    this.last = "";
    this.stuck = true;
    scroller.addEventListener("scroll", () => {
      this.stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
    }, { passive: true });
  }

  after(place, lastMessage, always) {
    const moved = place !== this.place;
    const fresh = lastMessage && lastMessage.ts !== this.last;
    const mine = lastMessage?.user === app.user;
    const wasStuck = this.stuck;
    this.place = place;
    this.last = lastMessage?.ts || "";
    if (!(moved || (fresh && (always || mine || wasStuck)) || wasStuck)) return;
    const node = this.list.lastElementChild;
    const tall = node && node.offsetHeight > this.scroller.clientHeight - 40;
    if (tall && (fresh || moved)) this.scroller.scrollTop = node.offsetTop - this.scroller.offsetTop - 8;
    else if (!tall || fresh) this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
