"""The chat page in a real browser, with a tiny bot at the other end."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.simulator import Simulator
from bot.simulator.wire import Json

Call = Callable[..., Any]

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="NO BROWSER: the chat page was NOT tried; install chromium to try it"
)
_START_SECONDS = 60
KEYBOARD = {"inline_keyboard": [[{"text": "بله", "callback_data": "yes"}]]}
LOG = "document.querySelector('#log')"
AT_END = f"{LOG}.scrollHeight - {LOG}.scrollTop - {LOG}.clientHeight < 5"
WIDTH = f"Math.max(document.documentElement.scrollWidth, {LOG}.scrollWidth)"
MENU = [
    {"command": "start", "description": "آغاز گفتگو"},
    {"command": "track", "description": "پیگیری"},
]


@pytest.fixture(scope="module")
def debugger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One browser for all of these tests; gives the address at which it is told what to do."""
    assert BROWSER is not None
    profile = tmp_path_factory.mktemp("chromium")
    where = profile / "DevToolsActivePort"
    own = ["--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen([BROWSER, *FLAGS, *own], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _START_SECONDS
        while not (where.exists() and where.read_text().strip()):
            assert process.poll() is None, "the browser ended"
            assert time.monotonic() < until, "the browser does not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{where.read_text().split()[0]}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
async def browser(debugger: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.connect_over_cdp(debugger)
        yield chromium
        await chromium.close()


async def answer(call: Call, update: Json) -> None:
    """Repeat what was said, praise what was pressed and agree to every payment."""
    if "callback_query" in update:
        query = update["callback_query"]
        await call("answerCallbackQuery", callback_query_id=query["id"], text="ثبت شد")
        place = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
        await call("editMessageText", **place, text="بله را زدید")
    elif "pre_checkout_query" in update:
        query_id = update["pre_checkout_query"]["id"]
        await call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    elif "text" in update.get("message", {}):
        message = update["message"]
        text = f"<b>شنیدم:</b> {message['text']}"
        await call("sendMessage", chat_id=message["chat"]["id"], text=text, parse_mode="HTML")


@pytest.fixture
async def echo(call: Call) -> AsyncIterator[None]:
    """Let a tiny bot answer for as long as the test lasts."""

    async def run() -> None:
        offset = 0
        while True:
            for update in (await call("getUpdates", offset=offset, timeout=30)).body["result"]:
                offset = update["update_id"] + 1
                await answer(call, update)

    async with asyncio.TaskGroup() as group:
        bot = group.create_task(run())
        yield
        bot.cancel()


@pytest.fixture
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    async with watched(browser, address, "/?person=sara") as opened:
        yield opened


class watched:  # noqa: N801 - reads as a verb where it is used
    """A page on which any complaint of the browser, or a request elsewhere, fails the test."""

    def __init__(self, browser: Browser, address: str, path: str, **how: Any) -> None:
        self.browser, self.address, self.path, self.how = browser, address, path, how
        self.complaints: list[str] = []

    async def __aenter__(self) -> Page:
        self.page = await self.browser.new_page(**self.how)
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._look)
        await self.page.goto(self.address + self.path)
        await expect(self.page.locator("#head-title")).not_to_be_empty()
        return self.page

    def _look(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", f"blob:{self.address}")):
            self.complaints.append(f"asked {request.url}")

    async def __aexit__(self, *_: object) -> None:
        await self.page.close()
        assert self.complaints == []


async def started(page: Page) -> None:
    await page.get_by_role("button", name="شروع گفتگو").click()
    await expect(page.locator(".message")).to_have_count(2)


@pytest.mark.usefixtures("echo")
async def test_a_conversation_is_begun_and_held(simulator: Simulator, page: Page) -> None:
    await expect(page).to_have_title("پیام‌رسان آزمایشی")
    await started(page)
    await page.locator("#text").fill("ساعت کار <b>اداره</b>؟")
    await page.keyboard.press("Enter")
    last = page.locator(".message .text").last
    await expect(last).to_contain_text("شنیدم: ساعت کار اداره؟")
    await expect(page.locator(".mine .text").last).to_have_text("ساعت کار <b>اداره</b>؟")
    await expect(last.locator("b")).to_have_count(2)
    assert len(simulator.messages(1001)) == 4


async def test_everything_in_a_text_is_drawn(simulator: Simulator, call: Call, page: Page) -> None:
    simulator.say("sara", "/start")
    text = (
        "🙂 <b>مهم <i>است</i></b>\n<code>MZ-1</code> <blockquote>بند ۳</blockquote>\n"
        '<a href="https://a.ir/x">پیوند</a> <a href="https://t.me/mizban_demo_bot?start=w7">کار</a>'
        " /track &lt;script&gt;"
    )
    await call("sendMessage", chat_id=1001, parse_mode="HTML", text=text)
    shown = page.locator(".message:not(.mine) .text")
    await expect(shown.locator("b")).to_have_text("مهم است")
    await expect(shown.locator("b i")).to_have_text("است")
    await expect(shown.locator("blockquote")).to_have_text("بند ۳")
    await expect(shown.locator("a").first).to_have_attribute("rel", "noopener noreferrer")
    await expect(shown).to_contain_text("<script>")
    assert await shown.get_attribute("dir") == "auto"
    assert await shown.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await shown.locator("code").click()
    await expect(page.locator("#toast")).to_have_text("رونوشت شد")
    assert await page.evaluate("navigator.clipboard.readText()") == "MZ-1"
    await shown.locator(".command").click()
    await expect(page.locator(".mine .text").last).to_have_text("/track")
    await shown.get_by_text("کار").click()
    await expect(page.locator(".mine .text").last).to_have_text("/start w7")


async def test_a_link_that_is_a_program_is_only_a_word(
    simulator: Simulator, call: Call, page: Page
) -> None:
    simulator.say("sara", "/start")
    for number, url in enumerate(("javascript:alert(1)", "javascript://a.ir/%0aalert(1)")):
        link = {"type": "text_link", "offset": 0, "length": 4, "url": url}
        await call("sendMessage", chat_id=1001, text=f"بزن {number}", entities=[link])
    await expect(page.locator(".message:not(.mine) .text")).to_have_count(2)
    await expect(page.locator(".bubble a")).to_have_count(0)


@pytest.mark.usefixtures("echo")
async def test_a_button_is_pressed_and_answered(
    simulator: Simulator, call: Call, page: Page
) -> None:
    simulator.say("sara", "/start")
    await call("sendMessage", chat_id=1001, text="مطمئنید؟", reply_markup=KEYBOARD)
    await page.get_by_role("button", name="بله").click()
    await expect(page.locator("#toast")).to_have_text("ثبت شد")
    await expect(page.get_by_text("بله را زدید")).to_be_visible()
    await expect(page.get_by_text("ویرایش‌شده")).to_be_visible()
    await expect(page.get_by_role("button", name="بله")).to_have_count(0)


async def test_the_command_menu_is_used_by_keyboard(
    simulator: Simulator, call: Call, page: Page
) -> None:
    simulator.say("sara", "/start")
    await call("setMyCommands", commands=MENU)
    field = page.locator("#text")
    await field.click()
    await expect(async_menu(page)).to_be_hidden()
    await field.press_sequentially("/t")
    await expect(async_menu(page).get_by_role("option")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text").last).to_have_text("/track")
    await page.get_by_role("button", name="دستورها").click()
    await expect(async_menu(page).get_by_role("option")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(async_menu(page)).to_be_hidden()
    for key in ("Enter", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator(".mine .text").last).to_have_text("/start")


def async_menu(page: Page) -> Any:
    return page.locator("#commands")


async def test_ready_keys_speak_and_share_the_number(
    simulator: Simulator, call: Call, page: Page
) -> None:
    simulator.say("sara", "/start")
    keys = [[{"text": "خدمات"}], [{"text": "شمارهٔ من", "request_contact": True}]]
    await call("sendMessage", chat_id=1001, text="؟", reply_markup={"keyboard": keys})
    await page.get_by_role("button", name="خدمات").click()
    await expect(page.locator(".mine .text").last).to_have_text("خدمات")
    await page.get_by_role("button", name="شمارهٔ من").click()
    await page.locator("dialog .main").click()
    await expect(page.get_by_text("+989120000001")).to_be_visible()
    await call("sendMessage", chat_id=1001, text="!", reply_markup={"remove_keyboard": True})
    await expect(page.locator("#keyboard")).to_be_hidden()


@pytest.mark.usefixtures("echo")
async def test_a_bill_is_paid_on_the_page(simulator: Simulator, call: Call, page: Page) -> None:
    simulator.say("sara", "/start")
    prices = [{"label": "شهریه", "amount": 50}]
    bill = {"title": "شهریه", "description": "کارگاه", "payload": "p", "currency": "XTR"}
    await call("sendInvoice", chat_id=1001, prices=prices, **bill)
    await expect(page.locator(".invoice")).to_contain_text("پولی جابه‌جا نمی‌شود")
    await page.locator(".key.pay").click()
    await expect(page.locator("dialog")).to_contain_text("پولی جابه‌جا نمی‌شود")
    await page.locator("dialog .main").click()
    await expect(page.locator(".service")).to_have_text("پرداخت شد: ۵۰ ستاره")
    await page.locator(".message .bubble-menu").last.click()
    await page.get_by_role("menuitem", name="رسید تکراری").click()
    await page.locator("dialog .main").click()
    await expect(page.locator(".service")).to_have_count(3)
    await page.locator(".message .bubble-menu").last.click()
    await page.get_by_role("menuitem", name="بانک رد می‌کند").click()
    await page.locator("dialog .main").click()
    await expect(page.locator("#toast")).to_contain_text("بانک پرداخت را رد کرد")


async def test_files_and_pictures_are_sent(simulator: Simulator, page: Page) -> None:
    simulator.say("sara", "/start")
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
        "789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    picture: Any = {"name": "رسید.png", "mimeType": "image/png", "buffer": dot}
    await page.locator("#file").set_input_files(picture)
    await page.locator("#alert-input").fill("رسید من")
    await page.locator("dialog .main").click()
    await expect(page.locator(".picture img")).to_be_visible()
    plain: Any = {"name": "گزارش.txt", "mimeType": "text/plain", "buffer": b"x" * 2048}
    await page.locator("#file").set_input_files(plain)
    await page.locator("dialog .main").click()
    await expect(page.locator(".card")).to_contain_text("۲ کیلوبایت")
    photo, document = simulator.messages(1001)[1:]
    assert photo["caption"] == "رسید من"
    assert document["document"]["file_name"] == "گزارش.txt"


async def test_another_person_has_other_chats_and_unread_counts(
    simulator: Simulator, call: Call, page: Page
) -> None:
    simulator.say("officer", "نوبت کیست؟", chat=simulator.group)
    finance = page.locator("[data-person=finance]")
    await expect(finance.locator(".badge")).to_have_text("۱")
    await expect(page.locator("[data-person=officer] .badge")).to_have_count(0)
    await finance.click()
    await page.locator(f'[data-chat="{simulator.group}"]').click()
    await expect(page.locator(".author")).to_have_text("رضا احمدی")
    await expect(finance.locator(".badge")).to_have_count(0)
    await page.locator(".bubble").hover()
    await page.get_by_role("button", name="کارهای این پیام").click()
    await page.get_by_role("menuitem", name="پاسخ").click()
    await page.locator("#text").fill("نوبت من")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .quote")).to_contain_text("نوبت کیست؟")
    assert simulator.messages(simulator.group)[-1]["reply_to_message"]["text"] == "نوبت کیست؟"
    await call("sendChatAction", chat_id=simulator.group, action="typing")
    await expect(page.locator("#head-status")).to_have_text("در حال نوشتن…")


async def test_a_group_loses_and_regains_the_bot_and_moves(
    simulator: Simulator, browser: Browser, address: str
) -> None:
    group = simulator.add_group("گروه", ["officer"], kind="group")
    async with watched(browser, address, "/?person=officer") as page:

        async def choose(name: str) -> None:
            await page.get_by_role("button", name="کارهای دیگر").click()
            await page.get_by_role("menuitem", name=name).click()

        await page.locator(f'[data-chat="{group}"]').click()
        await choose("بیرون کردن ربات")
        await expect(page.locator("#head-status")).to_have_text("ربات در این گروه نیست")
        await choose("افزودن ربات")
        await expect(page.locator(".service").last).to_contain_text("به گروه پیوست")
        await choose("تبدیل به ابرگروه")
        moved = page.locator(".service").last
        await expect(moved).to_have_text("این ابرگروه ادامهٔ گروه پیشین است.")
        await choose("نوشتن به نام گروه")
        await page.locator("#text").fill("از سوی گروه")
        await page.keyboard.press("Enter")
        await expect(page.locator(".author")).to_have_text("گروه")
    successor = simulator.world.chats[group].migrated_to
    assert successor is not None
    assert simulator.messages(successor)[-1]["sender_chat"]["id"] == successor


async def test_own_words_are_mended_and_the_bot_is_blocked(
    simulator: Simulator, page: Page
) -> None:
    simulator.say("sara", "سلم")
    await page.locator(".mine .bubble").hover()
    await page.get_by_role("button", name="کارهای این پیام").click()
    await page.get_by_role("menuitem", name="ویرایش").click()
    await page.locator("#text").fill("سلام")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text")).to_have_text("سلام")
    await page.get_by_role("button", name="کارهای دیگر").click()
    await page.get_by_role("menuitem", name="مسدود کردن ربات").click()
    await expect(page.locator("#head-status")).to_have_text("ربات را مسدود کرده‌اید")
    assert simulator.world.chats[1001].is_blocked
    await page.get_by_role("button", name="رفع مسدودی و شروع دوباره").click()
    await expect(page.locator(".mine .text").last).to_have_text("/start")


async def test_a_deep_link_begins_with_its_payload(
    simulator: Simulator, browser: Browser, address: str
) -> None:
    simulator.say("ali", "پیش‌تر آمده‌ام")
    async with watched(browser, address, "/?person=ali&start=w-12") as page:
        await page.get_by_role("button", name="شروع گفتگو").click()
        await expect(page.locator(".mine .text").last).to_have_text("/start w-12")
        await expect(page.locator("#composer")).to_be_visible()


@pytest.mark.usefixtures("echo")
async def test_a_small_phone_shows_one_pane_and_never_scrolls_sideways(
    browser: Browser, address: str
) -> None:
    size: Any = {"width": 360, "height": 640}
    async with watched(browser, address, "/?person=sara", viewport=size, has_touch=True) as page:
        await started(page)
        await page.locator("#text").fill("x" * 300 + " https://a.ir/" + "y" * 200)
        await page.locator("#send").click()
        await expect(page.locator(".message")).to_have_count(4)
        assert await page.evaluate(WIDTH) <= 360
        await expect(page.locator("#side")).to_be_hidden()
        await page.locator("#back").click()
        await expect(page.locator("#main")).to_be_hidden()
        await page.locator("[data-person=maryam]").click()
        await expect(page.locator("#me")).to_have_text("به جای مریم")


@pytest.mark.parametrize("width", [360, 1200])
async def test_the_page_says_on_every_screen_that_it_is_for_trial_only(
    browser: Browser, address: str, width: int
) -> None:
    size: Any = {"width": width, "height": 640}
    async with watched(browser, address, "/?person=sara", viewport=size) as page:
        note = page.locator("#trial")
        await expect(note).to_be_visible()
        await expect(note).to_contain_text("فقط برای آزمودن")
        place, log = await note.bounding_box(), await page.locator("#log").bounding_box()
        assert place is not None
        assert log is not None
        assert 0 < place["height"] <= 30
        assert log["height"] > 350, "it leaves the talk its room"


async def test_the_log_stays_at_its_end(simulator: Simulator, page: Page) -> None:
    for number in range(60):
        simulator.say("sara", f"پیام {number}")

    await expect(page.locator(".message")).to_have_count(60)
    await page.wait_for_function(AT_END)
    await page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    await expect(page.locator("#down")).to_be_visible()
    await page.locator("#down").click()
    await page.wait_for_function(AT_END)
