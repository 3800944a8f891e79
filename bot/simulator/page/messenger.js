// What the page knows, and how it speaks with the simulator.

export const model = {
  profile: "telegram",
  bot: {},
  people: [],
  chats: [],
  me: null, // the person one writes as
  chat: null, // the chat that is open
  isAnonymous: false, // whether one writes in the name of the group
  unread: new Map(), // "person:chat" to a count
};

async function answerOf(response) {
  const body = await response.json().catch(() => ({ error: "پاسخ شبیه‌ساز خوانده نشد." }));
  if (!response.ok) throw new Error(body.error || "شبیه‌ساز نپذیرفت.");
  return body;
}

export async function read(path, wishes = {}) {
  const query = new URLSearchParams(wishes);
  return answerOf(await fetch(`/sim/${path}?${query}`, { cache: "no-store" }));
}

export async function act(deed, wishes = {}) {
  const place = { person: model.me.key, chat: model.chat.id };
  return answerOf(
    await fetch(`/sim/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...place, ...wishes }),
    }),
  );
}

export async function upload(file, caption, asPhoto, replyTo) {
  const form = new FormData();
  form.append("person", model.me.key);
  form.append("chat", String(model.chat.id));
  form.append("caption", caption);
  form.append("as_photo", asPhoto ? "1" : "0");
  form.append("reply_to", String(replyTo || ""));
  form.append("file", file, file.name);
  return answerOf(await fetch("/sim/upload", { method: "POST", body: form }));
}

export async function loadState() {
  const state = await read("state");
  Object.assign(model, {
    profile: state.profile,
    bot: state.bot,
    people: state.people,
    chats: state.chats,
  });
  if (model.me) model.me = model.people.find((one) => one.id === model.me.id) || model.me;
  if (model.chat) model.chat = model.chats.find((one) => one.id === model.chat.id) || null;
  return state.last_event;
}

export function listen(after, onEvent, onLink) {
  const source = new EventSource(`/sim/events?after=${after}`);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onopen = () => onLink(true);
  source.onerror = () => onLink(false);
}

export const chatsOf = (person) =>
  model.chats.filter((chat) => chat.member_ids.includes(person.id));

export const chatById = (id) => model.chats.find((chat) => chat.id === id);

export const personById = (id) => model.people.find((person) => person.id === id);

// Who a message is from, as it is shown: one who writes anonymously goes by the group's name.
export const authorOf = (message) => message.sender_chat?.title || (message.from ? nameOf(message.from) : "");

export const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");

export const isOpen = (person, chat) =>
  model.me?.id === person.id && model.chat?.id === chat.id && document.hasFocus();

export function countUnread(chat, message) {
  for (const person of model.people) {
    if (!chat.member_ids.includes(person.id) || message.from?.id === person.id) continue;
    if (isOpen(person, chat)) continue;
    const key = `${person.id}:${chat.id}`;
    model.unread.set(key, (model.unread.get(key) || 0) + 1);
  }
}

export const unreadOf = (person, chat) => model.unread.get(`${person.id}:${chat.id}`) || 0;

export const unreadOfPerson = (person) =>
  chatsOf(person).reduce((sum, chat) => sum + unreadOf(person, chat), 0);

export function markRead() {
  if (model.me && model.chat) model.unread.delete(`${model.me.id}:${model.chat.id}`);
}
