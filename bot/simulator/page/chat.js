// Puts the page together: who writes, which chat is open, what happens in it.

import { bubble, el, face } from "./bubbles.js";
import { openComposer, refreshComposer, showKeyboard, startEdit, startReply } from "./composer.js";
import { ask, openMenu, toast } from "./dialogs.js";
import {
  act, chatById, chatsOf, countUnread, listen, loadState, markRead, model, read,
} from "./messenger.js";
import { drawPeopleAndChats, titleOf } from "./side.js";
import { BAD_DAYS, TRIAL, dayOf, digits } from "./words.js";

const at = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const waiting = new Map(); // numbers of presses to the buttons that wait for an answer
let shown = []; // messages in the log
let typing = 0;
let sticks = true; // to the end of the log, whatever grows
let deepLink = address.get("start");

const acts = {
  say: (text) => attempt(() => act("say", { text })),
  copy: async (text) => {
    await navigator.clipboard.writeText(text);
    toast("رونوشت شد");
  },
  press, look, menu, jump,
};

async function attempt(deed) {
  try {
    return await deed();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

async function press(message, button, node) {
  if (button.pay) return pay(message, node);
  if (button.copy_text) return acts.copy(button.copy_text.text);
  if (!button.callback_data) return toast("این دکمه در شبیه‌ساز کاری نمی‌کند.");
  node.classList.add("waiting");
  const wishes = { message_id: message.message_id, data: button.callback_data };
  const pressed = await attempt(() => act("press", wishes));
  if (!pressed) return node.classList.remove("waiting");
  waiting.set(pressed.query_id, node);
  setTimeout(() => settle(pressed.query_id), 8000);
}

function settle(queryId) {
  waiting.get(queryId)?.classList.remove("waiting");
  waiting.delete(queryId);
}

async function pay(message, node, ends = "paid") {
  const bill = message.invoice;
  const isSure = await ask({ text: `«${bill.title}» پرداخت شود؟\n${TRIAL}`, yes: "پرداخت" });
  if (!isSure) return;
  node.classList.add("waiting");
  const paid = await attempt(() => act("pay", { message_id: message.message_id, ends }));
  node.classList.remove("waiting");
  if (paid) toast(paid.failure ? `پرداخت نشد: ${paid.failure}` : "پرداخت انجام شد");
}

function look(source, caption) {
  ask({ picture: source, text: caption || "", no: "", yes: "بستن" });
}

function menu(message, node) {
  const words = message.text || message.caption;
  const isMine = message.from?.id === model.me.id;
  openMenu(node, [
    ["پاسخ", () => startReply(message)],
    isMine && message.text && ["ویرایش", () => startEdit(message)],
    ...(message.invoice ? BAD_DAYS.map(([label, ends]) => [label, () => pay(message, node, ends)]) : []),
    words && ["رونوشت متن", () => acts.copy(words)],
    [`شمارهٔ پیام: ${digits(message.message_id)}`, () => acts.copy(String(message.message_id))],
  ]);
}

function jump(messageId) {
  const node = at(`m${messageId}`);
  if (!node) return toast("آن پیام دیگر اینجا نیست.");
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.classList.remove("found");
  requestAnimationFrame(() => node.classList.add("found"));
}

const drawSide = () => drawPeopleAndChats(become, open);

function drawHead() {
  const chat = model.chat;
  const isPrivate = chat.kind === "private";
  at("head-face").replaceWith(Object.assign(face(titleOf(chat), isPrivate ? 4 : chat.id), { id: "head-face" }));
  at("head-title").textContent = titleOf(chat);
  const quiet = isPrivate ? "پیام‌رسان آزمایشی" : `${digits(chat.member_ids.length + 1)} عضو`;
  const status = chat.is_blocked ? "ربات را مسدود کرده‌اید" : !chat.has_bot ? "ربات در این گروه نیست" : typing ? "در حال نوشتن…" : quiet;
  at("head-status").textContent = status;
  at("head-status").classList.toggle("busy", Boolean(typing) && !chat.is_blocked);
  at("me").textContent = model.isAnonymous ? "به نام گروه" : `به جای ${model.me.first_name}`;
}

// The log

function isAtEnd() {
  const log = at("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

function toEnd() {
  at("log").scrollTop = at("log").scrollHeight;
  sticks = true;
}

function nodesFor(message, before) {
  const isMine = !message.is_from_bot && message.from?.id === model.me.id;
  const node = bubble(message, isMine, model.chat.kind !== "private", acts);
  const isNewDay = !before || dayOf(before) !== dayOf(message);
  const follows = before && !isNewDay && before.from?.id === message.from?.id && message.date - before.date < 300;
  node.classList.toggle("follows", Boolean(follows));
  return isNewDay ? [el("div", { class: "day" }, dayOf(message)), node] : [node];
}

function welcome() {
  const isPrivate = model.chat.kind === "private";
  return el("div", { class: "welcome" }, face(titleOf(model.chat), isPrivate ? 4 : model.chat.id),
    el("strong", { dir: "auto" }, titleOf(model.chat)),
    el("p", {}, isPrivate ? "اینجا گفتگوی شما با ربات است. برای آغاز، دکمهٔ «شروع گفتگو» را بزنید." : "هنوز کسی در این گروه چیزی ننوشته است."));
}

function drawLog() {
  const nodes = shown.flatMap((message, index) => nodesFor(message, shown[index - 1]));
  at("log").replaceChildren(...(nodes.length ? nodes : [welcome()]));
  if (typing) at("log").append(typingNode());
}

function typingNode() {
  return el("div", { class: "message typing", "aria-hidden": "true" }, el("div", { class: "bubble" }, el("span", { class: "dots" }, el("i"), el("i"), el("i"))));
}

function setTyping(isOn) {
  clearTimeout(typing);
  typing = isOn ? setTimeout(() => setTyping(false), 5000) : 0;
  document.querySelector("#log .typing")?.remove();
  const wasAtEnd = isAtEnd();
  if (isOn) at("log").append(typingNode());
  if (wasAtEnd) toEnd();
  drawHead();
}

function drawDock() {
  const isFresh = model.chat.kind === "private" && !shown.some((message) => message.from?.id === model.me.id);
  const isStart = isFresh || (model.chat.kind === "private" && deepLink !== null) || model.chat.is_blocked;
  at("start").hidden = !isStart;
  at("start").textContent = model.chat.is_blocked ? "رفع مسدودی و شروع دوباره" : "شروع گفتگو";
  at("composer").hidden = isStart;
  showKeyboard(isStart ? [] : shown);
}

// Moving about

async function open(chat) {
  model.chat = chat;
  model.isAnonymous = false;
  setPane("chat");
  shown = await read("messages", { chat: chat.id });
  markRead();
  remember();
  setTyping(false);
  drawLog();
  drawSide();
  drawDock();
  toEnd();
  await refreshComposer();
}

async function become(person) {
  model.me = person;
  const chats = chatsOf(person);
  const same = chats.find((chat) => chat.id === model.chat?.id);
  await open(same || chats.find((chat) => chat.kind === "private") || chats[0]);
}

function setPane(pane) {
  at("app").dataset.pane = pane;
}

function remember() {
  sessionStorage.setItem("place", JSON.stringify([model.me.key, model.chat.id]));
}

async function reload(event) {
  const follows = event.moved_from === model.chat?.id;
  await loadState();
  if (follows) model.chat = chatById(event.chat_id);
  await open(model.chat || chatsOf(model.me)[0]);
}

// What happens

function onMessage(event) {
  const chat = chatById(event.chat_id);
  if (!chat || !event.message) return;
  chat.last = event.message;
  countUnread(chat, event.message);
  if (chat.id === model.chat.id && !shown.some((one) => one.message_id === event.message_id)) {
    const follow = isAtEnd() || event.message.from?.id === model.me.id;
    if (event.message.is_from_bot) setTyping(false);
    if (!shown.length) at("log").replaceChildren();
    at("log").append(...nodesFor(event.message, shown.at(-1)));
    shown.push(event.message);
    chat.is_blocked = chat.is_blocked && event.message.is_from_bot;
    drawDock();
    if (follow) toEnd();
    at("down").hidden = follow;
  }
  drawSide();
}

function onEdit(event) {
  if (event.chat_id !== model.chat.id || !event.message) return;
  const index = shown.findIndex((one) => one.message_id === event.message_id);
  if (index < 0) return;
  const wasAtEnd = isAtEnd();
  shown[index] = event.message;
  const fresh = nodesFor(event.message, shown[index - 1]).at(-1);
  at(`m${event.message_id}`)?.replaceWith(fresh);
  if (wasAtEnd) toEnd();
}

function onDelete(event) {
  if (event.chat_id !== model.chat.id) return;
  shown = shown.filter((one) => one.message_id !== event.message_id);
  drawLog();
  drawDock();
}

function onAnswer(event) {
  settle(event.query_id);
  if (event.person_id !== model.me.id || !event.text) return;
  if (event.show_alert) ask({ text: event.text, no: "", yes: "باشد" });
  else toast(event.text);
}

function turnAnonymous() {
  model.isAnonymous = !model.isAnonymous;
  drawHead();
}

const reactions = {
  message: onMessage,
  edit: onEdit,
  delete: onDelete,
  answer: onAnswer,
  action: (event) => event.chat_id === model.chat.id && setTyping(true),
  commands: () => refreshComposer(),
  chats: (event) => attempt(() => reload(event)),
  reset: (event) => attempt(() => reload(event)),
};

async function begin() {
  const after = await loadState();
  const [key, chatId] = JSON.parse(sessionStorage.getItem("place") || "[null, null]");
  const wanted = address.get("person") || key;
  model.me = model.people.find((person) => person.key === wanted) || model.people[0];
  const own = chatsOf(model.me);
  const chosen = deepLink === null ? own.find((chat) => chat.id === chatId) : null;
  openComposer({ attempt, toEnd });
  await open(chosen || own.find((chat) => chat.kind === "private"));
  listen(after, (event) => reactions[event.kind]?.(event), (isUp) => { at("offline").hidden = isUp; });
}

at("start").onclick = async () => {
  const text = deepLink ? `/start ${deepLink}` : "/start";
  if (model.chat.is_blocked) await attempt(() => act("block", { is_blocked: false }));
  if (await attempt(() => act("say", { text }))) deepLink = null;
  drawDock();
};
at("back").onclick = () => setPane("side");
at("me").onclick = () => setPane("side");
at("down").onclick = () => toEnd();
at("log").onscroll = () => {
  sticks = isAtEnd();
  at("down").hidden = sticks;
};
at("log").addEventListener("load", () => sticks && toEnd(), true);
new ResizeObserver(() => sticks && toEnd()).observe(at("log"));
at("more").onclick = (event) => {
  const { kind, has_bot: hasBot } = model.chat;
  const isPrivate = kind === "private";
  openMenu(event.currentTarget, [
    ["فرستادن شمارهٔ تماس", () => attempt(() => act("contact")), !isPrivate],
    ["رفتن به آخرین پیام", toEnd],
    [model.isAnonymous ? "نوشتن به نام خود" : "نوشتن به نام گروه", turnAnonymous, kind !== "supergroup"],
    ["تبدیل به ابرگروه", () => attempt(() => act("migrate")), kind !== "group" || model.profile === "bale"],
    [hasBot ? "بیرون کردن ربات" : "افزودن ربات", () => attempt(() => act("member", { status: hasBot ? "kicked" : "administrator" })), isPrivate, hasBot ? "risky" : ""],
    [model.chat.is_blocked ? "رفع مسدودی ربات" : "مسدود کردن ربات", () => attempt(() => act("block", { is_blocked: !model.chat.is_blocked })), !isPrivate, "risky"],
  ].filter((item) => !item[2]), at("more-menu"));
};
window.addEventListener("focus", () => {
  if (!model.chat) return;
  markRead();
  drawSide();
});
begin().catch((error) => toast(error.message));
