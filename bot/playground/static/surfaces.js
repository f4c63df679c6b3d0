// The app's other tabs in its direct message: Home, and the assistant's pane.

import { h, reconcile } from "./dom.js";
import { app, locale, post, t } from "./store.js";
import { renderBlocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { Follower, MessageList } from "./messages.js";

const $ = (id) => document.getElementById(id);
export const TABS = ["messages", "home", "assistant"];

/** Where the page is: a tab of the app's direct message; anything else has messages alone. */
export const tabOf = (channel) => (channel?.is_im && TABS.includes(app.tab) ? app.tab : "messages");

/** send(text, file, thread) answers true when it was taken. */
export class Surfaces {
  constructor(go, send) {
    this.go = go;
    this.entered = "";
    this.beside = ""; // the channel that was looked at last
    this.pane = null;
    this.list = new MessageList($("pane-list"), () => {});
    this.follow = new Follower($("pane-scroll"), $("pane-list"));
    this.composer = new Composer($("pane-composer-slot"), "pane-", ({ text, file }) => send(text, file, this.pane.thread_ts));
    this.send = send;
    $("tabs").addEventListener("keydown", (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      const at = TABS.indexOf(tabOf({ is_im: true }));
      this.enter(TABS[(at + step + TABS.length) % TABS.length]);
      $("tabs").querySelector("[aria-selected=true]")?.focus();
    });
  }

  enter(tab) {
    this.go({ tab: tab === "messages" ? "" : tab });
  }

  draw(channel, replies) {
    const tab = tabOf(channel);
    if (!channel?.is_im) this.beside = channel?.id || "";
    this.drawTabs(channel, tab);
    for (const [name, node] of [["messages", "scroll"], ["messages", "composer-slot"], ["home", "home"], ["assistant", "pane"]]) {
      $(node).hidden = tab !== name;
    }
    this.arrive(tab);
    if (tab === "home") this.drawHome();
    if (tab === "assistant") this.drawPane(replies);
  }

  drawTabs(channel, tab) {
    $("tabs").hidden = !channel?.is_im;
    $("tabs").setAttribute("aria-label", t().tabs);
    const sig = `${locale()} ${tab}`;
    if (sig === this.tabs) return;
    this.tabs = sig;
    reconcile($("tabs"), TABS.map((name) => h("button", {
      type: "button", role: "tab", class: "tab", id: `tab-${name}`, "aria-selected": String(name === tab),
      "aria-controls": { messages: "scroll", home: "home", assistant: "pane" }[name], tabindex: name === tab ? "0" : "-1",
      data: { testid: `tab-${name}` }, onclick: () => this.enter(name),
    }, t().tab[name])));
  }

  /** Slack tells the app when somebody opens one of these. */
  arrive(tab) {
    const here = `${app.user} ${tab} ${locale()}`;
    if (here === this.entered) return;
    this.entered = here;
    if (tab === "home") post("home", {});
    if (tab === "assistant" && !app.state.panes.length) post("pane", { beside: this.beside });
  }

  drawHome() {
    $("home").setAttribute("aria-label", t().tab.home);
    $("home-title").textContent = t().tab.home;
    renderBlocks($("home-blocks"), app.state.home?.blocks || [], () => ({ path: "home_action" }));
  }

  drawPane(replies) {
    this.pane = app.state.panes[app.state.panes.length - 1] || null;
    $("pane-status").textContent = "";
    if (!this.pane) return;
    const { title, status, heading, prompts, thread_ts: ts } = this.pane;
    const said = replies.get(ts) || [];
    const again = h("button", { type: "button", class: "btn quiet", data: { testid: "pane-new" }, onclick: () => post("pane", { beside: this.beside }) }, t().newPane);
    reconcile($("pane-title"), [h("h2", {}, title || t().tab.assistant), again]);
    $("pane-status").textContent = status ? `Kakunin ${status}` : "";
    reconcile($("pane-prompts"), said.length ? [] : [h("p", {}, heading), ...prompts.map((p) => h("button", {
      type: "button", class: "hint", data: { testid: "prompt" }, onclick: () => this.send(p.message, "", ts),
    }, p.title))]);
    const here = `${app.user} pane ${ts}`;
    this.list.draw(here, app.channel, said);
    $("pane-list").setAttribute("aria-label", t().tab.assistant);
    this.composer.show(here, { label: t().toPane, mention: false });
    this.follow.after(here, said[said.length - 1], true);
  }
}
