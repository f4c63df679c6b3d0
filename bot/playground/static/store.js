// What the page knows, who is looking, and the calls to the back end.

import { words } from "./i18n.js";

export const app = { state: null, user: "", channel: "", thread: "", tab: "", localErrors: [], onchange: () => {} };

export const me = () => app.state?.users.find((u) => u.id === app.user);
export const locale = () => (me()?.locale || navigator.language || "en").replace("_", "-");
export const t = () => words(locale());
export const botId = () => app.state?.bot?.user_id || "";
export const botName = () => app.state?.bot?.name || "Kakunin";
export const isBot = (m) => Boolean(m.bot_id) || m.user === botId();
export const channelOf = (id) => app.state?.channels.find((c) => c.id === id);

export function nameOf(id) {
  if (id === botId()) return botName();
  return app.state?.users.find((u) => u.id === id)?.name || id;
}

/** The address of a file that was shared where this user can see it. */
export const fileUrl = (id) => id && Object.values(app.state?.messages || {}).flat()
  .flatMap((m) => m.files || []).find((f) => f.id === id)?.url_private;

export function channelLabel(channel) {
  if (!channel) return "";
  return channel.is_im ? botName() : `#${channel.name}`;
}

/** Send JSON; what is refused (4xx, 5xx, no network) is shown in the drawer. Answers null then. */
export async function post(path, body) {
  try {
    const reply = await fetch(`/play/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: app.user, ...body }),
    });
    const data = await reply.json().catch(() => ({}));
    if (reply.ok) return data || {};
    refuse(data.error || `${path}: ${reply.status}`);
  } catch (error) {
    refuse(`${path}: ${error.message}`);
  }
  return null;
}

export function refuse(text) {
  app.localErrors.push(text);
  app.onchange();
}

/** Poll for ever. `onstate(state, fresh)`; fresh = first answer for this user. */
export function startPolling(onstate, ononline) {
  let control = null;
  let run = 0;

  async function loop(mine) {
    let since = 0;
    let fresh = true;
    while (mine === run) {
      control = new AbortController();
      try {
        const query = new URLSearchParams({ user: app.user, since: String(since) });
        const reply = await fetch(`/play/state?${query}`, { signal: control.signal, cache: "no-store" });
        const state = await reply.json();
        if (mine !== run) return;
        if (!reply.ok) throw new Error(state.error || String(reply.status));
        ononline(true);
        const idle = state.version === since && !fresh;
        since = state.version;
        if (idle) continue;
        onstate(state, fresh);
        fresh = false;
      } catch (error) {
        if (mine !== run) return;
        console.warn("state:", error);
        ononline(false);
        since = 0; // the server may have been restarted
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
  }

  return function restart() {
    run += 1;
    control?.abort();
    loop(run);
  };
}
