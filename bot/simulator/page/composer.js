// Where one writes: the field, the command menu, attachments and ready-made keys.

import { el } from "./bubbles.js";
import { ask, toast } from "./dialogs.js";
import { act, authorOf, model, read, upload } from "./messenger.js";
import { summary } from "./words.js";

const at = (id) => document.getElementById(id);
const TEXT_MAX = 4096;
let tools = {};
let commands = [];
let chosen = -1; // which command the arrows have reached
let context = null; // { kind: "reply" | "edit", message }
let keyboardOf = 0;

export function openComposer(given) {
  tools = given;
  const field = at("text");
  at("composer").onsubmit = (event) => {
    event.preventDefault();
    send();
  };
  field.oninput = () => {
    grow();
    suggest();
  };
  field.onkeydown = onKey;
  field.onpaste = (event) => {
    const file = event.clipboardData?.files?.[0];
    if (file) attach(file);
  };
  at("slash").onclick = () => (at("commands").hidden ? listCommands(commands) : hideCommands());
  at("slash").onkeydown = (event) => {
    if (event.key !== "Enter" || chosen >= 0) onKey(event); // Enter opens; or takes what is chosen.
  };
  at("attach").onclick = () => at("file").click();
  at("file").onchange = () => {
    const file = at("file").files[0];
    at("file").value = "";
    if (file) attach(file);
  };
  at("context-close").onclick = () => setContext(null);
  at("toggle-keyboard").onclick = () => foldKeyboard(at("keyboard").hidden);
  document.addEventListener("pointerdown", (event) => {
    if (!at("dock").contains(event.target)) hideCommands();
  });
  const main = at("main");
  main.ondragover = (event) => event.preventDefault();
  main.ondrop = (event) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) attach(file);
  };
}

export async function refreshComposer() {
  setContext(null);
  hideCommands();
  commands = await read("menu", { person: model.me.key, chat: model.chat.id });
  if (matchMedia("(min-width: 761px)").matches && !at("composer").hidden) at("text").focus();
}

function grow() {
  const field = at("text");
  field.dir = field.value ? "auto" : "rtl"; // The placeholder is Persian.
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 150)}px`;
}

function onKey(event) {
  if (event.isComposing) return;
  const list = [...at("commands").querySelectorAll("button")];
  if (!at("commands").hidden && ["ArrowDown", "ArrowUp"].includes(event.key) && list.length) {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + list.length) % list.length;
    list.forEach((node, index) => node.setAttribute("aria-selected", String(index === chosen)));
    list[chosen].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Escape") {
    if (at("commands").hidden) setContext(null);
    hideCommands();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (!at("commands").hidden && chosen >= 0) list[chosen].click();
    else send();
  }
}

async function send() {
  const field = at("text");
  const text = field.value.trim();
  if (!text) return;
  const wishes = { reply_to: repliedTo(), is_anonymous: model.isAnonymous };
  const isEdit = context?.kind === "edit";
  field.value = "";
  grow();
  hideCommands();
  const sent = isEdit
    ? await tools.attempt(() => act("edit", { message_id: context.message.message_id, text }))
    : await tools.attempt(() => sayInParts(text, wishes));
  if (sent) setContext(null);
  else field.value = text;
  grow();
}

// A long text goes out in several messages, as real apps send it.
async function sayInParts(text, wishes) {
  let sent = null;
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + TEXT_MAX, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1])) end -= 1;
    sent = await act("say", { text: text.slice(start, end), ...wishes });
    start = end;
  }
  return sent;
}

// Commands

function suggest() {
  const typed = /^\/(\w*)$/.exec(at("text").value);
  if (!typed || !commands.length) return hideCommands();
  const fitting = commands.filter((one) => one.command.startsWith(typed[1].toLowerCase()));
  if (fitting.length) listCommands(fitting);
  else hideCommands();
}

function listCommands(listed) {
  const rows = listed.map((one) =>
    el("button", { type: "button", role: "option", "aria-selected": "false", onclick: () => useCommand(one) },
      el("b", {}, `/${one.command}`), el("span", { dir: "auto" }, one.description)));
  const none = el("p", {}, "ربات هنوز دستوری معرفی نکرده است.");
  at("commands").replaceChildren(...(rows.length ? rows : [none]));
  at("commands").hidden = false;
  at("slash").setAttribute("aria-expanded", "true");
  chosen = -1;
}

function hideCommands() {
  at("commands").hidden = true;
  at("slash").setAttribute("aria-expanded", "false");
  chosen = -1;
}

async function useCommand(one) {
  hideCommands();
  at("text").value = "";
  grow();
  await tools.attempt(() => act("say", { text: `/${one.command}` }));
}

// Replying and editing

const repliedTo = () => (context?.kind === "reply" ? context.message.message_id : null);

export function startReply(message) {
  setContext({ kind: "reply", message });
}

export function startEdit(message) {
  setContext({ kind: "edit", message });
  at("text").value = message.text;
  grow();
}

function setContext(wanted) {
  if (context?.kind === "edit") {
    at("text").value = "";
    grow();
  }
  context = wanted;
  at("context").hidden = !wanted;
  if (!wanted) return;
  const author = authorOf(wanted.message);
  at("context-title").textContent = wanted.kind === "edit" ? "ویرایش پیام" : `پاسخ به ${author}`;
  at("context-text").textContent = summary(wanted.message);
  at("text").focus();
}

// Attachments

async function attach(file) {
  const isPicture = ["image/png", "image/jpeg", "image/gif", "image/webp"].includes(file.type);
  const preview = isPicture ? URL.createObjectURL(file) : "";
  const wish = await ask({ text: file.name, picture: preview, yes: "فرستادن", withCaption: true, withPlain: isPicture });
  if (preview) URL.revokeObjectURL(preview);
  if (!wish) return;
  const sent = await tools.attempt(() => upload(file, wish.caption, isPicture && !wish.asFile, repliedTo()));
  if (!sent) return;
  setContext(null);
  tools.toEnd();
}

// Ready-made keys

export function showKeyboard(messages) {
  const last = messages.findLast((one) => one.keyboard && !one.keyboard.inline_keyboard);
  const rows = last?.keyboard.keyboard;
  const isUsed = last?.keyboard.one_time_keyboard && messages.at(-1).message_id > last.message_id && messages.slice(messages.indexOf(last)).some((one) => !one.is_from_bot);
  at("toggle-keyboard").hidden = !rows;
  at("text").placeholder = last?.keyboard.input_field_placeholder || "پیام بنویسید…";
  if (!rows) {
    at("keyboard").hidden = true;
    keyboardOf = 0;
    return;
  }
  at("keyboard").replaceChildren(...rows.map((row) => el("div", {}, ...row.map(readyKey))));
  if (keyboardOf !== last.message_id || isUsed) foldKeyboard(!isUsed);
  keyboardOf = last.message_id;
}

function foldKeyboard(isOpen) {
  at("keyboard").hidden = !isOpen;
  at("toggle-keyboard").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) tools.toEnd?.();
}

function readyKey(key) {
  return el("button", { type: "button", dir: "auto", onclick: () => useKey(key) }, key.text);
}

async function useKey(key) {
  if (key.request_location) return toast("فرستادن مکان در شبیه‌ساز ممکن نیست.");
  if (!key.request_contact) return tools.attempt(() => act("say", { text: key.text }));
  const isSure = await ask({ text: "شمارهٔ تماس شما برای ربات فرستاده شود؟", yes: "فرستادن" });
  if (isSure) await tools.attempt(() => act("contact"));
}
