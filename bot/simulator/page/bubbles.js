// Draws messages. Texts from outside become text nodes only, never markup.

import { authorOf, model } from "./messenger.js";
import { TRIAL, fileSize, money, service, summary, timeOf } from "./words.js";

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
}

const ICONS = {
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  link: "M8 16L16 8M10 8h6v6",
  phone: "M7 3h3l1.5 4.5L9.5 9a11 11 0 0 0 5.5 5.5l1.5-2L21 14v3a3 3 0 0 1-3.3 3A16 16 0 0 1 4 6.3 3 3 0 0 1 7 3z",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function face(name, id) {
  const first = [...(name || "؟").trim()][0] || "؟";
  return el("span", { class: "face", "data-tone": Math.abs(id) % 6, "aria-hidden": "true" }, first);
}

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

// A part of a text that can be pressed; a real button would break the line.
function tappable(tag, kind, title, onTap, content) {
  const onKey = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onTap(event.currentTarget);
  };
  const how = { class: kind, role: "button", tabindex: "0", dir: "auto", title };
  return el(tag, { ...how, onclick: (event) => onTap(event.currentTarget), onkeydown: onKey }, ...content);
}

function safeUrl(address) {
  try {
    const url = new URL(address.includes("://") ? address : `https://${address}`);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// A deep link to this very bot stays in the page.
export function startPayload(address) {
  const url = safeUrl(address);
  if (!url) return null;
  const parts = new URL(url);
  const isBot = ["t.me", "ble.ir"].includes(parts.host) && parts.pathname === `/${model.bot.username}`;
  return isBot ? parts.searchParams.get("start") || "" : null;
}

function linkNode(address, content, acts) {
  const url = safeUrl(address);
  if (!url) return el("span", {}, ...content);
  const link = el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...content);
  const payload = startPayload(address);
  if (payload !== null) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      acts.say(`/start ${payload}`.trim());
    });
  }
  return link;
}

function entityNode(entity, text, content, acts) {
  switch (entity.type) {
    case "code":
    case "pre":
      return tappable(entity.type, "copyable", "رونوشت", () => acts.copy(text), content);
    case "text_link":
      return linkNode(entity.url, content, acts);
    case "url":
      return linkNode(text, content, acts);
    case "bot_command":
      return tappable("span", "command", null, () => acts.say(text), content);
    case "spoiler":
      return tappable("span", "spoiler", "متن پنهان", (node) => node.classList.toggle("shown"), content);
    case "mention":
    case "hashtag":
    case "email":
    case "text_mention":
      return el("span", { class: "marked", dir: "auto" }, ...content);
    default:
      return el(TAGS[entity.type] || "span", {}, ...content);
  }
}

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

// Entities count UTF-16 units, as JavaScript's strings do; they nest but never cross.
export function richText(text, entities, acts) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let next = 0;
  function part(from, to) {
    const nodes = [];
    let at = from;
    while (next < sorted.length && sorted[next].offset < to) {
      const entity = sorted[next++];
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= start) continue;
      if (start > at) nodes.push(text.slice(at, start));
      nodes.push(entityNode(entity, text.slice(start, end), part(start, end), acts));
      at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end; // A block ends its line.
    }
    if (at < to) nodes.push(text.slice(at, to));
    return nodes;
  }
  return el("div", { class: "text", dir: "auto" }, ...part(0, text.length));
}

function quote(message, acts) {
  const author = authorOf(message) || message.chat.title;
  return el("button", { class: "quote", type: "button", onclick: () => acts.jump(message.message_id) },
    el("strong", { dir: "auto" }, author), el("span", { dir: "auto" }, summary(message)));
}

function picture(message, acts) {
  const size = message.photo.at(-1);
  const source = `/sim/file/${encodeURIComponent(message.file_id)}`;
  const image = el("img", { src: source, alt: message.caption || "تصویر", loading: "lazy" });
  image.style.width = `${size.width}px`;
  image.style.aspectRatio = `${size.width} / ${size.height}`;
  return el("button", { class: "picture", type: "button", "aria-label": "دیدن تصویر", onclick: () => acts.look(source, message.caption) }, image);
}

function documentCard(message) {
  const { file_name: name, file_size: size } = message.document;
  return el("a", { class: "card", href: `/sim/file/${encodeURIComponent(message.file_id)}`, download: name },
    el("span", { class: "card-icon" }, icon("file")),
    el("span", { class: "card-words" }, el("strong", { dir: "auto" }, name), el("span", {}, fileSize(size))));
}

function contactCard(contact) {
  return el("div", { class: "card" }, el("span", { class: "card-icon" }, icon("phone")),
    el("span", { class: "card-words" }, el("strong", { dir: "auto" }, contact.first_name), el("span", { dir: "ltr" }, `+${contact.phone_number}`)));
}

function invoiceCard(invoice) {
  return el("div", { class: "invoice" }, el("strong", { dir: "auto" }, invoice.title),
    el("p", { dir: "auto" }, invoice.description), el("span", { class: "amount" }, money(invoice)), el("small", { class: "trial" }, TRIAL));
}

function content(message, acts) {
  const parts = [];
  if (message.reply_to_message) parts.push(quote(message.reply_to_message, acts));
  if (message.photo) parts.push(picture(message, acts));
  if (message.document) parts.push(documentCard(message));
  if (message.contact) parts.push(contactCard(message.contact));
  if (message.invoice) parts.push(invoiceCard(message.invoice));
  if (message.text) parts.push(richText(message.text, message.entities, acts));
  if (message.caption) parts.push(richText(message.caption, message.caption_entities, acts));
  return parts;
}

function inlineButton(button, message, acts) {
  if (button.url) {
    const payload = startPayload(button.url);
    const url = safeUrl(button.url);
    if (payload === null && url) {
      return el("a", { class: "key", href: url, target: "_blank", rel: "noopener noreferrer" }, el("span", { dir: "auto" }, button.text), icon("link"));
    }
    return el("button", { class: "key", type: "button", onclick: () => acts.say(`/start ${payload || ""}`.trim()) }, el("span", { dir: "auto" }, button.text));
  }
  const label = button.pay ? `پرداخت ${money(message.invoice)}` : button.text;
  const press = (event) => acts.press(message, button, event.currentTarget);
  return el("button", { class: button.pay ? "key pay" : "key", type: "button", onclick: press }, el("span", { dir: "auto" }, label));
}

function inlineKeyboard(message, acts) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return el("div", { class: "keys" }, ...rows.map((row) =>
    el("div", { class: "keys-row" }, ...row.map((button) => inlineButton(button, message, acts)))));
}

export function bubble(message, isMine, isGroup, acts) {
  const words = service(message);
  if (words) return el("div", { class: "service", id: `m${message.message_id}` }, words);
  const author = isGroup && !isMine && message.from ? el("span", { class: "author", "data-tone": message.from.id % 6, dir: "auto" }, authorOf(message)) : null;
  const stamp = el("span", { class: "stamp" }, message.edit_date ? el("span", {}, "ویرایش‌شده") : null, el("time", {}, timeOf(message)));
  const menu = el("button", { class: "icon bubble-menu", type: "button", "aria-label": "کارهای این پیام", "aria-haspopup": "menu", onclick: (event) => acts.menu(message, event.currentTarget) }, icon("dots"));
  const body = el("div", { class: message.photo ? "bubble has-picture" : "bubble" }, author, ...content(message, acts), stamp, menu);
  const keys = inlineKeyboard(message, acts);
  const kind = `message${isMine ? " mine" : ""}${keys ? " with-keys" : ""}`;
  return el("article", { class: kind, id: `m${message.message_id}`, "data-author": message.from?.id ?? 0 }, body, keys);
}
