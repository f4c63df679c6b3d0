// The box where people write: text, a file by name, a mention.

import { h, icon, realEnter, uid } from "./dom.js";
import { app, botName, post, t } from "./store.js";
import { overflow } from "./picker.js";

const drafts = new Map(); // "user channel thread" -> {text, file}

/**
 * prefix: "" or "thread-". onsend({text, file}) answers true when it was taken.
 */
export class Composer {
  constructor(slot, prefix, onsend) {
    this.slot = slot;
    this.prefix = prefix;
    this.onsend = onsend;
    this.place = null;
  }

  /** Draw again for another user, channel or thread; drafts are kept per place. */
  show(place, { label, mention, hints = [] }) {
    const sig = `${place}|${label}|${mention}|${hints.join("|")}`;
    if (sig === this.sig) return;
    if (this.place) drafts.set(this.place, { text: this.box.value, file: this.file });
    const focused = this.box && document.activeElement === this.box && place === this.place;
    this.sig = sig;
    this.place = place;
    this.build(label, mention, hints);
    const draft = drafts.get(place);
    this.box.value = draft?.text || "";
    this.setFile(draft?.file || "");
    this.grow();
    if (focused) this.box.focus();
  }

  build(label, mention, hints) {
    const id = (name) => ({ testid: `${this.prefix}${name}` });
    this.box = h("textarea", {
      class: "composer-box", rows: 1, placeholder: label, "aria-label": label, data: id("composer"),
      enterkeyhint: "send", oninput: () => this.grow(),
      onkeydown: (e) => {
        if (!realEnter(e) || e.shiftKey) return;
        e.preventDefault();
        this.send();
      },
    });
    this.note = h("p", { class: "composer-note", role: "alert", hidden: true });
    this.chip = h("div", { class: "composer-files" });
    this.fileButton = h("button", {
      type: "button", class: "tool", "aria-expanded": "false", title: t().addFileLong, data: id("file"),
      onclick: () => this.fileRow.hidden ? this.openFile() : this.closeFile(),
    }, icon("plus"), t().addFile);
    this.sendButton = h("button", {
      type: "submit", class: "send", "aria-label": t().send, title: t().send, data: id("send"),
    }, icon("send"));
    this.fileRow = this.buildFileRow(id);
    this.form = h("form", {
      class: "composer", onsubmit: (e) => {
        e.preventDefault();
        this.send();
      },
    }, this.box, this.chip, this.fileRow, h("div", { class: "composer-tools" }, this.fileButton,
      mention && h("button", {
        type: "button", class: "tool", title: t().mention, "aria-label": `${t().mention} (@${botName()})`, data: id("mention"),
        onclick: () => this.insert(`@${botName()} `),
      }, `@${botName()}`), shortcuts(), h("span", { class: "grow" }), this.sendButton));
    const tips = hints.length ? h("div", { class: "hints", role: "group", "aria-label": t().tryOne },
      h("span", { class: "hints-title" }, t().tryOne),
      hints.map((hint) => h("button", {
        type: "button", class: "hint", data: { testid: "hint" }, onclick: () => {
          this.box.value = hint;
          this.changed();
        },
      }, hint))) : null;
    this.slot.replaceChildren(...[tips, this.note, this.form].filter(Boolean));
  }

  buildFileRow(id) {
    const field = uid("file");
    const names = uid("names");
    this.fileName = h("input", {
      id: field, list: names, type: "text", autocomplete: "off", placeholder: t().files[0], data: id("file-name"),
      onkeydown: (e) => {
        if (e.key === "Escape") this.closeFile();
        if (!realEnter(e)) return;
        e.preventDefault();
        this.addFile();
      },
    });
    return h("div", { class: "file-row", hidden: true },
      h("label", { for: field }, t().fileName), this.fileName,
      h("datalist", { id: names }, t().files.map((f) => h("option", { value: f }))),
      h("button", { type: "button", class: "btn", data: id("file-add"), onclick: () => this.addFile() }, t().add),
      h("button", { type: "button", class: "btn quiet", onclick: () => this.closeFile() }, t().cancel),
      h("small", {}, t().fileHelp));
  }

  openFile() {
    this.fileRow.hidden = false;
    this.fileButton.setAttribute("aria-expanded", "true");
    this.fileName.focus();
  }

  closeFile() {
    this.fileRow.hidden = true;
    this.fileName.value = "";
    this.fileButton.setAttribute("aria-expanded", "false");
    this.box.focus();
  }

  addFile() {
    const name = this.fileName.value.trim() || this.fileName.placeholder;
    this.setFile(name);
    this.closeFile();
  }

  setFile(name) {
    this.file = name;
    this.chip.replaceChildren(...(name ? [h("span", { class: "file" }, icon("file"), h("span", {}, name),
      h("button", { type: "button", "aria-label": t().removeFile(name), onclick: () => this.setFile("") }, icon("close")))] : []));
    this.ready();
  }

  insert(text) {
    const { selectionStart: from, selectionEnd: to } = this.box;
    const lead = from > 0 && !/\s$/.test(this.box.value.slice(0, from)) ? " " : "";
    this.box.setRangeText(lead + text, from, to, "end");
    this.changed();
  }

  changed() {
    this.box.focus();
    this.grow();
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 180)}px`;
    this.ready();
  }

  ready() {
    this.sendButton.classList.toggle("ready", Boolean(this.box.value.trim() || this.file));
  }

  say(text) {
    this.note.textContent = text || "";
    this.note.hidden = !text;
  }

  focus() {
    this.box?.focus({ preventScroll: true });
  }

  async send() {
    const text = this.box.value.trim();
    const file = this.file;
    if (!text && !file) return;
    const place = this.place;
    const refusal = this.onsend.check?.(text);
    this.say(refusal);
    if (refusal) return;
    this.box.value = "";
    this.setFile("");
    this.grow();
    const taken = await this.onsend({ text, file });
    if (taken || app.user === "") return;
    if (this.place === place && !this.box.value) { // give it back
      this.box.value = text;
      this.setFile(file);
      this.grow();
    }
  }
}

/** The app's shortcuts that can be used from anywhere. */
function shortcuts() {
  const options = app.state.shortcuts.filter((s) => s.type === "global")
    .map((s) => ({ text: { type: "plain_text", text: s.name }, value: s.callback_id }));
  return overflow({
    options, label: t().shortcuts, bid: "", aid: "shortcuts",
    onpick: ({ value }) => post("shortcut", { callback_id: value }),
  });
}
