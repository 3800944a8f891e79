// Small windows: toasts, questions and menus.

import { el } from "./bubbles.js";

const at = (id) => document.getElementById(id);
let toastTimer = 0;
let openPopover = null;
let opener = null;

export function toast(text) {
  const node = at("toast");
  node.hidden = false;
  node.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 3200);
}

// Asks something in a dialog; gives false, or what was filled in.
export function ask({ text = "", picture = "", yes = "بله", no = "انصراف", withCaption = false, withPlain = false }) {
  const dialog = at("alert");
  at("alert-text").textContent = text;
  at("alert-text").hidden = !text;
  at("alert-picture").hidden = !picture;
  if (picture) at("alert-picture").src = picture;
  at("alert-caption").hidden = !withCaption;
  at("alert-plain").hidden = !withPlain;
  at("alert-input").value = "";
  at("alert-as-file").checked = false;
  const agree = el("button", { class: "main", type: "button", onclick: () => dialog.close("yes") }, yes);
  const refuse = no ? el("button", { type: "button", onclick: () => dialog.close("") }, no) : null;
  dialog.querySelector(".dialog-buttons").replaceChildren(...[refuse, agree].filter(Boolean));
  dialog.returnValue = "";
  dialog.showModal();
  (withCaption ? at("alert-input") : agree).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const filled = { caption: at("alert-input").value, asFile: at("alert-as-file").checked };
      resolve(dialog.returnValue === "yes" && filled);
    }, { once: true });
  });
}

export function closeMenu() {
  if (!openPopover) return;
  if (openPopover.id) openPopover.hidden = true;
  else openPopover.remove();
  opener.setAttribute("aria-expanded", "false");
  openPopover = null;
}

// Opens a menu of [label, deed, , kind] at a button; in `place` when the page has one for it.
export function openMenu(button, items, place = null) {
  const isSame = opener === button && openPopover;
  closeMenu();
  if (isSame) return;
  const node = place || el("div", { class: "popover", role: "menu" });
  node.replaceChildren(...items.filter(Boolean).map(([label, deed, , kind]) =>
    el("button", { type: "button", role: "menuitem", class: kind || "", onclick: () => { closeMenu(); button.focus(); deed(); } }, label)));
  node.hidden = false;
  if (!place) putBeside(node, button);
  opener = button;
  openPopover = node;
  button.setAttribute("aria-expanded", "true");
  node.querySelector("button")?.focus();
}

function putBeside(node, button) {
  document.body.append(node);
  const where = button.getBoundingClientRect();
  const top = Math.min(where.bottom + 4, innerHeight - node.offsetHeight - 8);
  const left = Math.min(Math.max(8, where.left), innerWidth - node.offsetWidth - 8);
  node.style.top = `${top}px`;
  node.style.left = `${left}px`;
}

document.addEventListener("keydown", (event) => {
  if (!openPopover) return;
  if (event.key === "Escape") {
    closeMenu();
    opener.focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const buttons = [...openPopover.querySelectorAll("button")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
  buttons[next].focus();
});
document.addEventListener("pointerdown", (event) => {
  if (openPopover && !openPopover.contains(event.target) && !opener.contains(event.target)) closeMenu();
});
