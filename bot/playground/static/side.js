// The sidebar: channels, the direct message, and who you are.

import { avatar, h, icon, reconcile } from "./dom.js";
import { languageName } from "./i18n.js";
import { app, botName, me, post, t } from "./store.js";

const $ = (id) => document.getElementById(id);
const seen = new Map(); // "user channel" -> number of messages read
const LOCALES = ["ja-JP", "en-US"];
let drawn = "";

export function noteSeen(channel, messages) {
  seen.set(`${app.user} ${channel}`, messages.length);
  for (const c of app.state.channels) {
    const key = `${app.user} ${c.id}`;
    if (!seen.has(key)) seen.set(key, (app.state.messages?.[c.id] || []).length);
  }
}

function unread(channel) {
  const count = (app.state.messages?.[channel.id] || []).length;
  return Math.max(0, count - (seen.get(`${app.user} ${channel.id}`) || 0));
}

function channelLink(channel, go) {
  const here = channel.id === app.channel;
  const news = here ? 0 : unread(channel);
  return h("li", {}, h("button", {
    type: "button", class: `side-item${news ? " unread" : ""}`, "aria-current": here ? "page" : null,
    data: { channelId: channel.id, testid: channel.is_im ? "im" : "channel" }, onclick: () => go({ channel: channel.id }),
  }, channel.is_im ? avatar("", botName(), true, "small") : h("span", { class: "sharp", "aria-hidden": "true" }, "#"),
  h("span", { class: "side-label" }, channel.is_im ? botName() : channel.name),
  channel.is_im && h("span", { class: "app-badge" }, t().app),
  news > 0 && h("span", { class: "badge", "aria-label": t().unread(news) }, String(news))));
}

function userButton(user, go) {
  const here = user.id === app.user;
  return h("button", {
    type: "button", role: "radio", class: "side-item user", "aria-checked": String(here), tabindex: here ? "0" : "-1",
    data: { userId: user.id }, onclick: () => go({ user: user.id, channel: keepChannel() }),
  }, avatar(user.id, user.name, false, "small"),
  h("span", { class: "side-label" }, user.name, h("small", {}, user.roles.map((role) => t().roles[role] ?? role).join(" · "))),
  h("span", { class: "locale", lang: user.locale?.replace("_", "-"), title: user.locale }, languageName(user.locale?.replace("_", "-"))));
}

// Another person has another direct message; an open channel stays open.
function keepChannel() {
  const channel = app.state.channels.find((c) => c.id === app.channel);
  return channel && !channel.is_im ? channel.id : "";
}

export function drawSide(go) {
  const { channels, users, workspace } = app.state;
  const sig = JSON.stringify([app.user, app.channel, channels, users, workspace, channels.map(unread)]);
  if (sig === drawn) return;
  drawn = sig;
  const focus = document.activeElement?.dataset;
  $("workspace").textContent = workspace?.name || "Kakunin";
  $("top-name").textContent = workspace?.name || "Kakunin";
  const group = (title, items) => items.length > 0 && [h("h2", { class: "side-title" }, title),
    h("ul", {}, items.map((c) => channelLink(c, go)))];
  reconcile($("nav"), [
    ...(group(t().channels, channels.filter((c) => !c.is_im)) || []),
    ...(group(t().dms, channels.filter((c) => c.is_im)) || []),
  ]);
  $("nav").setAttribute("aria-label", t().channels);
  $("switcher-title").textContent = t().youAre;
  reconcile($("switcher"), users.map((u) => userButton(u, go)));
  drawLanguage();
  const user = me();
  reconcile($("top-me"), [avatar(user.id, user.name, false, "small"), h("span", {}, user.name)]);
  $("top-me").setAttribute("aria-label", `${t().youAre}: ${user.name}`);
  $("menu").setAttribute("aria-label", t().menu);
  if (focus?.userId) $("switcher").querySelector("[aria-checked=true]")?.focus();
  if (focus?.channelId) $("nav").querySelector("[aria-current]")?.focus();
}

/** The language a person set in Slack; what they chose on the bot's Home comes before it. */
function drawLanguage() {
  $("language-label").textContent = t().language;
  const locales = [...new Set([...LOCALES, me().locale])];
  $("language").replaceChildren(...locales.map((name) => h("option", { value: name, lang: name, selected: name === me().locale }, languageName(name))));
}

export function closeSide() {
  $("app").dataset.side = "closed";
  $("menu").setAttribute("aria-expanded", "false");
}

function openSide() {
  $("app").dataset.side = "open";
  $("menu").setAttribute("aria-expanded", "true");
  $("nav").querySelector("[aria-current]")?.focus();
}

$("language").onchange = () => post("locale", { locale: $("language").value });
$("menu").append(icon("menu"));
$("menu").onclick = () => ($("app").dataset.side === "open" ? closeSide() : openSide());
$("top-me").onclick = openSide;
$("scrim").onclick = closeSide;
$("side").addEventListener("keydown", (e) => {
  if (e.key === "Escape" && $("app").dataset.side === "open") {
    closeSide();
    $("menu").focus();
  }
});
$("switcher").addEventListener("keydown", (e) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
  if (!step) return;
  e.preventDefault();
  const all = [...$("switcher").children];
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.click();
});
