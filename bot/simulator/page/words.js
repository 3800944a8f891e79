// How numbers, dates and kinds of messages are put into words.

const number = new Intl.NumberFormat("fa-IR");
const clock = new Intl.DateTimeFormat("fa-IR-u-ca-persian", { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat("fa-IR-u-ca-persian", { day: "numeric", month: "long" });
const WHOLE = new Set(["IRR", "XTR", "JPY", "KRW"]);
const MONEY = { IRR: "ریال", XTR: "ستاره", USD: "دلار", EUR: "یورو" };

// How a payment can also go, as the simulator's provider calls it.
export const BAD_DAYS = [
  ["پرداخت، با رسید تکراری", "twice"],
  ["پرداخت، حتی اگر ربات نپذیرد", "regardless"],
  ["پرداختی که بانک رد می‌کند", "declined"],
];

export const TRIAL = "پرداخت آزمایشی است و پولی جابه‌جا نمی‌شود.";

export const digits = (value) => number.format(value);

export const timeOf = (message) => clock.format(new Date(message.date * 1000));

export function dayOf(message) {
  const moment = new Date(message.date * 1000);
  return moment.toDateString() === new Date().toDateString() ? "امروز" : calendar.format(moment);
}

export function money(invoice) {
  const amount = WHOLE.has(invoice.currency) ? invoice.total_amount : invoice.total_amount / 100;
  return `${digits(amount)} ${MONEY[invoice.currency] || invoice.currency}`;
}

export function fileSize(bytes) {
  if (bytes < 1024) return `${digits(bytes)} بایت`;
  if (bytes < 1024 * 1024) return `${digits(Math.round(bytes / 102.4) / 10)} کیلوبایت`;
  return `${digits(Math.round(bytes / 104857.6) / 10)} مگابایت`;
}

export function service(message) {
  if (message.successful_payment) return `پرداخت شد: ${money(message.successful_payment)}`;
  if (message.migrate_to_chat_id) return "این گروه به ابرگروه تبدیل شد.";
  if (message.migrate_from_chat_id) return "این ابرگروه ادامهٔ گروه پیشین است.";
  if (message.new_chat_members) return `${message.new_chat_members.map((one) => one.first_name).join("، ")} به گروه پیوست.`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} از گروه رفت.`;
  return "";
}

export function summary(message) {
  if (!message) return "هنوز پیامی نیست";
  if (message.text || message.caption) return message.text || message.caption;
  if (message.photo) return "تصویر";
  if (message.document) return message.document.file_name || "پرونده";
  if (message.contact) return "شمارهٔ تماس";
  if (message.invoice) return message.invoice.title;
  return service(message) || "پیام";
}
