// The frame of the playground: where we are, what is drawn, what is sent.

import { avatar, h, icon, reconcile } from "./dom.js";
import { app, botName, channelLabel, channelOf, isBot, locale, me, post, startPolling, t } from "./store.js";
import { toSlackText } from "./mrkdwn.js";
import { Follower, MessageList, rootTs, threads } from "./messages.js";
import { Composer } from "./composer.js";
import { showView } from "./modal.js";
import { closeSide, drawSide, noteSeen } from "./side.js";
import { Surfaces, tabOf } from "./surfaces.js";

const $ = (id) => document.getElementById(id);
const list = new MessageList($("list"), (ts) => openThread(ts));
const threadList = new MessageList($("thread-list"), () => {});
const follow = new Follower($("scroll"), $("list"));
const threadFollow = new Follower($("thread-scroll"), $("thread-list"));
const known = new Set(); // "channel ts" of messages already seen by this user
const justSent = new Set(); // first messages this user sent while looking
let dismissedErrors = sessionStorage.getItem("refused") || "";
let focusThread = false;

// ---- where we are -------------------------------------------------------------------------

function readHash() {
  const place = new URLSearchParams(location.hash.slice(1));
  return { user: place.get("user") || "", channel: place.get("channel") || "", thread: place.get("thread") || "", tab: place.get("tab") || "" };
}

export function go({ user = app.user, channel = app.channel, thread = "", tab = "" }) {
  const place = new URLSearchParams(Object.entries({ user, channel, thread, tab }).filter(([, v]) => v));
  const hash = `#${place}`;
  if (hash === location.hash) return;
  history.pushState(null, "", hash);
  arrive();
}

function arrive() {
  const place = readHash();
  const changed = place.user !== app.user;
  Object.assign(app, place);
  closeSide();
  if (changed || !app.state) {
    known.clear();
    justSent.clear();
    app.state = null;
    showView(null, $("modal-slot"));
    restartPolling();
  } else {
    settle();
    draw();
  }
}

function openThread(ts) {
  focusThread = true;
  if (app.thread === ts) draw();
  else go({ thread: ts });
}

function closeThread() {
  const from = app.thread;
  go({});
  const back = document.querySelector(`#list .message[data-ts="${CSS.escape(from)}"] .reply-link`);
  (back || $("scroll")).focus({ preventScroll: true });
}

// ---- what comes in ------------------------------------------------------------------------

function onState(state, fresh) {
  app.state = state;
  const users = state.users || [];
  if (!users.length) return draw();
  let thread = app.thread;
  if (!users.some((u) => u.id === app.user)) {
    const place = new URLSearchParams({ user: users[0].id });
    history.replaceState(null, "", `#${place}`);
    return arrive();
  }
  if (settle()) thread = "";
  const news = takeNews(state);
  if (!fresh) thread = threadToOpen(news) || thread;
  if (thread !== app.thread || !readHash().channel) {
    app.thread = thread;
    const place = new URLSearchParams(Object.entries({ user: app.user, channel: app.channel, thread, tab: app.tab }).filter(([, v]) => v));
    history[thread ? "pushState" : "replaceState"](null, "", `#${place}`);
  }
  draw();
}

/** Without a channel that this user can see, stand in the first one. */
function settle() {
  if (channelOf(app.channel)) return false;
  app.channel = (app.state.channels.find((c) => !c.is_im) || app.state.channels[0])?.id || "";
  app.thread = "";
  if (app.tab) app.channel = app.state.channels.find((c) => c.is_im)?.id || app.channel;
  return true;
}

function takeNews(state) {
  const news = [];
  for (const [channel, messages] of Object.entries(state.messages || {})) {
    for (const m of messages) {
      const key = `${channel} ${m.ts}`;
      if (known.has(key)) continue;
      known.add(key);
      news.push({ channel, m });
    }
  }
  return news;
}

/** The bot answered in a thread of what this user has just written here: open it. */
function threadToOpen(news) {
  let open = "";
  for (const { channel, m } of news) {
    if (channel !== app.channel) continue;
    if (m.user === app.user && rootTs(m) === m.ts) justSent.add(m.ts);
    if (isBot(m) && rootTs(m) !== m.ts && justSent.has(m.thread_ts)) {
      justSent.delete(m.thread_ts);
      open = m.thread_ts;
    }
  }
  return open;
}

// ---- drawing ------------------------------------------------------------------------------

function draw() {
  drawErrors();
  if (!app.state || !me()) return;
  document.documentElement.lang = locale();
  const channel = channelOf(app.channel);
  const messages = app.state.messages?.[app.channel] || [];
  noteSeen(app.channel, messages);
  drawSide(go);
  const label = channelLabel(channel);
  document.title = `${label} – Kakunin 確認 playground`;
  reconcile($("channel-name"), [channel?.is_im ? avatar("", botName(), true, "small") : h("span", { class: "sharp", "aria-hidden": "true" }, "#"),
    document.createTextNode(channel?.is_im ? botName() : channel?.name || "")]);
  $("channel-note").textContent = channel?.is_im ? t().imNote : t().channelNote;
  const { roots, replies } = threads(messages);
  const place = `${app.user} ${app.channel}`;
  drawWelcome(channel, label, roots.length === 0);
  $("list").setAttribute("aria-label", t().messagesIn(label));
  list.draw(place, app.channel, roots, { replies });
  composer.show(place, {
    label: t().toChannel(label), mention: !channel?.is_im,
    hints: roots.length ? [] : hints(channel),
  });
  follow.after(place, roots[roots.length - 1], false);
  drawThread(roots, replies, label, place, channel);
  surfaces.draw(channel, replies);
  showView(app.state.view, $("modal-slot"));
}

const hints = (channel) => (channel?.is_im ? t().hints
  : [...t().hints.map((q) => `@${botName()} ${q}`), `/kakunin ${t().hints[0]}`]);

function drawWelcome(channel, label, empty) {
  $("welcome").hidden = !empty;
  if (!empty) return;
  reconcile($("welcome"), [avatar("", botName(), true, "huge"),
    h("h2", {}, channel?.is_im ? t().welcomeIm : t().welcomeTitle(label)), h("p", {}, t().welcomeText)]);
}

function drawThread(roots, replies, label, place, channel) {
  const ts = app.thread;
  const root = roots.find((m) => m.ts === ts);
  const answers = replies.get(ts) || [];
  const open = Boolean(ts && (root || answers.length) && tabOf(channel) === "messages");
  $("thread").hidden = !open;
  $("app").dataset.thread = open ? "open" : "closed";
  if (!open) return;
  $("thread-title").textContent = t().thread;
  $("thread-note").textContent = label;
  $("thread-list").setAttribute("aria-label", t().thread);
  const here = `${place} ${ts}`;
  const all = root ? [root, ...answers] : answers;
  threadList.draw(here, app.channel, all, { divideAfterFirst: root && answers.length ? t().replies(answers.length) : "" });
  threadComposer.show(here, { label: t().reply, mention: !channel?.is_im });
  threadFollow.after(here, all[all.length - 1], true);
  if (focusThread) threadComposer.focus();
  focusThread = false;
}

function drawErrors() {
  const errors = [...(app.state?.errors || []), ...app.localErrors];
  const sig = JSON.stringify(errors);
  $("refused").hidden = !errors.length || sig === dismissedErrors;
  $("refused-title").textContent = t().refused(errors.length);
  reconcile($("refused-list"), errors.map((e) => h("li", {}, e)).reverse());
  $("refused-close").setAttribute("aria-label", t().dismiss);
  $("refused-close").onclick = () => {
    app.localErrors = [];
    dismissedErrors = JSON.stringify(app.state?.errors || []);
    sessionStorage.setItem("refused", dismissedErrors);
    drawErrors();
  };
}

// ---- what goes out ------------------------------------------------------------------------

async function send(text, file, threadTs) {
  const { channel } = app;
  const command = !threadTs && /^\/kakunin(?:\s+([\s\S]*))?$/i.exec(text);
  if (command) return (await post("command", { channel, text: command[1] || "" })) !== null;
  const body = { channel, text: toSlackText(text, app.state?.users || [], botName()) };
  if (threadTs) body.thread_ts = threadTs;
  if (file) body.file = file;
  return (await post("message", body)) !== null;
}

const sendThread = ({ text, file }) => send(text, file, app.thread);
sendThread.check = (text) => (/^\/kakunin\b/i.test(text) ? t().noSlashInThread : "");
const composer = new Composer($("composer-slot"), "", ({ text, file }) => send(text, file, ""));
const threadComposer = new Composer($("thread-composer-slot"), "thread-", sendThread);

const surfaces = new Surfaces(go, send);

function frame() {
  $("thread-back").append(icon("back"));
  $("thread-close").append(icon("close"));
  $("refused-close").append(icon("close"));
  $("thread-back").onclick = closeThread;
  $("thread-close").onclick = closeThread;
  $("thread").addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !e.defaultPrevented && !e.isComposing) closeThread();
  });
  addEventListener("goto", (e) => go(e.detail)); // a link to a message of this workspace
  addEventListener("hashchange", arrive);
  addEventListener("popstate", () => readHash().user === app.user && arrive());
}

function labels() {
  $("thread-back").setAttribute("aria-label", t().back);
  $("thread-close").setAttribute("aria-label", t().closeThread);
  $("offline").textContent = t().offline;
}

app.onchange = draw;
const restartPolling = startPolling((state, fresh) => {
  onState(state, fresh);
  labels();
}, (online) => {
  labels();
  $("offline").hidden = online;
});
frame();
arrive();
