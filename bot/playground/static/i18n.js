// The frame's own words, in Japanese and English. (The bot writes its own.)

const EN = {
  channels: "Channels", dms: "Direct messages", youAre: "You are", app: "APP", language: "Language in Slack",
  roles: { researcher: "researcher", desk: "help desk", officers: "officer", approvers: "approver", admins: "administrator" },
  status: { pending: "to do", in_progress: "in progress", complete: "done", error: "failed" },
  numbers: "The numbers", download: "Download",
  menu: "Open the channel list", thread: "Thread", closeThread: "Close thread", back: "Back",
  messagesIn: (n) => `Messages in ${n}`, send: "Send", toChannel: (n) => `Message ${n}`,
  reply: "Reply…", replyInThread: "Reply in thread", lastReply: (t) => `Last reply ${t}`,
  replies: (n) => (n === 1 ? "1 reply" : `${n} replies`),
  addFile: "file", addFileLong: "Attach a file (name only)", fileName: "File name",
  fileHelp: "Nothing is uploaded – only the name is sent.", add: "Add", cancel: "Cancel",
  removeFile: (n) => `Remove ${n}`, mention: "Mention Kakunin",
  onlyYou: "Only visible to you", edited: "(edited)", today: "Today", yesterday: "Yesterday",
  noSlashInThread: "/kakunin does not work in threads. Send it in the channel.",
  refused: (n) => `Slack refused (${n})`, dismiss: "Dismiss", offline: "Reconnecting…",
  choose: "Choose…", chosen: (n) => `${n} selected`, remove: (n) => `Remove ${n}`, filter: "Filter…",
  nothing: "No match", optional: "(optional)", more: "More actions", close: "Close", submit: "Submit",
  required: "Please fill in this field.", table: "Table", upToMax: (n) => `Choose up to ${n}`,
  unread: (n) => `${n} new`, unsupported: (t) => `[${t} is not shown in the playground]`,
  channelNote: "Mention @Kakunin, or use /kakunin", imNote: "Just write – no mention needed",
  welcomeTitle: (n) => `Ask Kakunin in ${n}`,
  welcomeIm: "Ask Kakunin privately",
  welcomeText: "Say what you want to do with your research data. Kakunin asks what it needs to know, then answers with a verdict and its reasons.",
  tabs: "Kakunin", tab: { messages: "Messages", home: "Home", assistant: "Assistant" },
  newPane: "New chat", toPane: "Ask the assistant", menuOf: "More for this message", shortcuts: "Shortcuts",
  edit: "Edit message", editPrompt: "The message:", remove1: "Delete message", react: "React with 🔍",
  tryOne: "Try one of these",
  hints: [
    "Can I put this research data into ChatGPT?",
    "May I share interview recordings with a co-author in Germany?",
    "Can I publish this dataset on Zenodo?",
  ],
  files: ["interview_transcripts.docx", "survey_responses.csv", "genome_samples.vcf"],
};

const JA = {
  channels: "チャンネル", dms: "ダイレクトメッセージ", youAre: "あなたは", app: "アプリ", language: "Slack の言語",
  roles: { researcher: "研究者", desk: "窓口の担当者", officers: "コンプライアンス担当者", approvers: "承認者", admins: "管理者" },
  status: { pending: "未着手", in_progress: "進行中", complete: "完了", error: "失敗" },
  numbers: "数値を見る", download: "ダウンロード",
  menu: "チャンネル一覧を開く", thread: "スレッド", closeThread: "スレッドを閉じる", back: "戻る",
  messagesIn: (n) => `${n} のメッセージ`, send: "送信", toChannel: (n) => `${n} へのメッセージ`,
  reply: "返信する…", replyInThread: "スレッドで返信", lastReply: (t) => `最終返信 ${t}`,
  replies: (n) => `${n}件の返信`,
  addFile: "ファイル", addFileLong: "ファイルを添付(名前のみ)", fileName: "ファイル名",
  fileHelp: "アップロードはされません。名前だけが送られます。", add: "追加", cancel: "キャンセル",
  removeFile: (n) => `${n} を外す`, mention: "Kakunin にメンション",
  onlyYou: "あなただけに表示されています", edited: "(編集済み)", today: "今日", yesterday: "昨日",
  noSlashInThread: "/kakunin はスレッドでは使えません。チャンネルで送信してください。",
  refused: (n) => `Slack が拒否しました (${n})`, dismiss: "閉じる", offline: "再接続しています…",
  choose: "選択…", chosen: (n) => `${n}件選択中`, remove: (n) => `${n} を外す`, filter: "絞り込み…",
  nothing: "該当なし", optional: "(任意)", more: "その他の操作", close: "閉じる", submit: "送信",
  required: "この項目は必須です。", table: "表", upToMax: (n) => `${n}件まで選択できます`,
  unread: (n) => `新着${n}件`, unsupported: (t) => `[${t} はここでは表示できません]`,
  channelNote: "@Kakunin とメンションするか、/kakunin を使います", imNote: "メンションなしでそのまま書けます",
  welcomeTitle: (n) => `${n} で Kakunin に相談する`,
  welcomeIm: "Kakunin に個別に相談する",
  welcomeText: "研究データで何をしたいかを書いてください。Kakunin が必要なことをたずね、判定とその理由を答えます。",
  tabs: "Kakunin", tab: { messages: "メッセージ", home: "ホーム", assistant: "アシスタント" },
  newPane: "新しいチャット", toPane: "アシスタントに聞く", menuOf: "このメッセージのメニュー", shortcuts: "ショートカット",
  edit: "メッセージを編集", editPrompt: "メッセージ:", remove1: "メッセージを削除", react: "🔍 でリアクション",
  tryOne: "たとえば",
  hints: [
    "この研究データをChatGPTに入れてもいい？",
    "インタビューの録音をドイツの共著者と共有できますか？",
    "このデータセットをZenodoで公開してもいい？",
  ],
  files: ["インタビュー逐語録.docx", "アンケート回答.csv", "ゲノム試料一覧.vcf"],
};

export const words = (locale) => (/^ja/i.test(locale || "") ? JA : EN);

export function languageName(locale) {
  try {
    const language = new Intl.Locale(locale).language;
    return new Intl.DisplayNames([locale], { type: "language" }).of(language);
  } catch {
    return locale || "";
  }
}

const at = (ts) => new Date(parseFloat(ts) * 1000);

export function clock(ts, locale) {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(at(ts));
}

export function fullTime(ts, locale) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(at(ts));
}

export function dayNumbers(ts) {
  const day = at(ts);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

export const dayKey = (ts) => at(ts).toDateString();

export function dayName(ts, locale) {
  const t = words(locale);
  const now = new Date();
  if (dayKey(ts) === now.toDateString()) return t.today;
  if (dayKey(ts) === new Date(now - 864e5).toDateString()) return t.yesterday;
  return new Intl.DateTimeFormat(locale, { month: "long", day: "numeric", weekday: "long" }).format(at(ts));
}
