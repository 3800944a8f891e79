// The side: people to write as, and their chats.

import { el, face } from "./bubbles.js";
import { chatsOf, model, nameOf, unreadOf, unreadOfPerson } from "./messenger.js";
import { digits, summary, timeOf } from "./words.js";

const at = (id) => document.getElementById(id);

function badge(count) {
  return count ? el("span", { class: "badge", "aria-label": `${digits(count)} پیام نخوانده` }, digits(count)) : null;
}

export const titleOf = (chat) => (chat.kind === "private" ? nameOf(model.bot) : chat.title);

export function drawPeopleAndChats(become, open) {
  at("people").replaceChildren(...model.people.map((person) =>
    el("button", { class: "row", type: "button", "aria-pressed": String(person.id === model.me.id), "data-person": person.key, onclick: () => become(person) },
      face(person.first_name, person.id),
      el("span", { class: "words" }, el("strong", { dir: "auto" }, nameOf(person)), el("span", {}, person.role)),
      badge(unreadOfPerson(person)))));
  at("chats").replaceChildren(...chatsOf(model.me).map((chat) =>
    el("button", { class: "row", type: "button", "aria-current": String(chat.id === model.chat?.id), "data-chat": chat.id, onclick: () => open(chat) },
      face(titleOf(chat), chat.kind === "private" ? 4 : chat.id),
      el("span", { class: "words" }, el("strong", { dir: "auto" }, titleOf(chat)), el("span", { dir: "auto" }, summary(chat.last).split("\n")[0])),
      el("span", { class: "edge" }, chat.last ? timeOf(chat.last) : "", badge(unreadOf(model.me, chat))))));
  const total = model.people.reduce((sum, person) => sum + unreadOfPerson(person), 0);
  at("back-count").hidden = !total;
  at("back-count").textContent = digits(total);
  document.title = total ? `(${digits(total)}) پیام‌رسان آزمایشی` : "پیام‌رسان آزمایشی";
  at("profile").textContent = model.profile === "bale" ? "رفتار این پیام‌رسان: مانند بله" : "رفتار این پیام‌رسان: مانند تلگرام";
}
