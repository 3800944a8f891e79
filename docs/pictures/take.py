"""Take the pictures of the documentation from the running desk, so that they cannot lie.

The desk is real and talks with its own pocket messenger. week.py gives it a week to look back
on, and one and the same moment, so that the pictures change only with the desk.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SLOW_MS = 60_000  # a group is sent twenty messages a minute
QUESTION = "تا کی می‌تونم از کارگاه انصراف بدم؟"
COMPLAINT = "کارگاه خط دیروز نیمه‌کاره قطع شد و کسی خبر نداد جلسه جبرانی چه روزی است."
CLOSURE = "/close کانون ۴ آذر برف و یخبندان، به دستور استانداری"
WORKSHOP = "سفال‌گری برای کودکان"
IBAN = "IR820540102680020817909002"  # a number of nobody's, with the right check digits


def main() -> None:
    """Start the desk, talk with it, and take each picture."""
    browser_path = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite+aiosqlite:///{directory}/mizban.sqlite3"
        with running_desk(url) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
            take_digest(browser, address)
            take_question(browser, address)
            take_case(browser, address)
            take_closure(browser, address)
            take_workshop(browser, address)
            take_payout(browser, address)
            take_training(browser, address)
            browser.close()


@contextmanager
def running_desk(url: str) -> Iterator[str]:
    """Run the desk on free ports, and say where its chat page is."""
    environment = {
        **os.environ,
        "MIZBAN_DATABASE_URL": url,
        "MIZBAN_KEYRING_FILE": f"{url.partition(':///')[2]}.keyring.json",
        "MIZBAN_SIMULATOR_PORT": "0",
        "MIZBAN_HEALTH_PORT": "0",
        "MIZBAN_SEMANTIC": "false",
    }
    desk = subprocess.Popen(
        [sys.executable, "-m", "docs.pictures.week", url],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert desk.stdout is not None
        yield desk.stdout.readline().removeprefix("Chat page:").strip()
    finally:
        desk.terminate()
        desk.wait(10)


def opened(browser: Browser, address: str, person: str, height: int = 760) -> Page:
    """Open the chat page as somebody."""
    context = browser.new_context(
        viewport={"width": 1000, "height": height}, timezone_id="Asia/Tehran", locale="fa-IR"
    )
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    page.goto(f"{address}?person={person}")
    return page


def opened_group(browser: Browser, address: str, person: str, height: int = 760) -> Page:
    """Open the admin chat as somebody of the staff."""
    page = opened(browser, address, person, height)
    page.locator("#chats button", has_text="گروه کارکنان").click()
    page.locator("#head-title", has_text="گروه کارکنان").wait_for()
    return page


def begin(page: Page) -> None:
    """Greet the desk for the first time."""
    page.get_by_role("button", name="شروع گفتگو").click()
    message(page, "خوش آمدید")


def say(page: Page, text: str) -> None:
    """Write a message."""
    box = page.get_by_role("textbox").last
    box.fill(text)
    box.press("Enter")


def message(page: Page, text: str) -> Locator:
    """Find the last message with these words, once it is there."""
    found = page.locator("#log .message", has_text=text).last
    found.wait_for()
    return found


def press(page: Page, text: str, button: str) -> None:
    """Press a button under the last message with these words."""
    message(page, text).get_by_role("button", name=button).first.click()


def photograph(page: Page, name: str, first: Locator, last: Locator) -> None:
    """Take the picture of what lies between two messages."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # what slides in has come to rest
    top, bottom = first.bounding_box(), last.bounding_box()
    log = page.locator("#log").bounding_box()
    assert top is not None
    assert bottom is not None
    assert log is not None
    start = max(log["y"], top["y"] - 4)
    end = min(log["y"] + log["height"], bottom["y"] + bottom["height"] + 4)
    clip = {"x": log["x"], "y": start, "width": log["width"], "height": end - start}
    page.screenshot(path=HERE / f"{name}.png", clip=clip)  # type: ignore[arg-type]


def take_digest(browser: Browser, address: str) -> None:
    """Take the digest of the morning, with its picture of the days."""
    page = opened_group(browser, address, "manager", height=1800)
    digest = message(page, "گزارش روز میز خدمت: کانون")
    photograph(page, "digest", message(page, "📊"), digest)


def take_question(browser: Browser, address: str) -> None:
    """Greet the desk, ask it a question, and take the whole page."""
    page = opened(browser, address, "sara")
    begin(page)
    say(page, QUESTION)
    message(page, "KN-27")
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / "chat.png")


def take_case(browser: Browser, address: str) -> None:
    """Register a complaint; take its receipt, and its card in the admin chat."""
    page = opened(browser, address, "sara")
    say(page, "/case")
    press(page, "برای کدام اداره", "کانون پرورش فکری")
    press(page, "درباره کدام خدمت", "کارگاه‌های مجازی")
    press(page, "چه می‌خواهید به اداره بگویید", "شکایت")
    message(page, "لطفاً بنویسید چه پیش آمد")
    say(page, COMPLAINT)
    press(page, "مرور کنید", "ارسال")
    receipt = message(page, "ثبت شد")
    photograph(page, "receipt", receipt, receipt)
    desk = opened_group(browser, address, "officer")
    card = message(desk, COMPLAINT)
    photograph(desk, "card", card, card)


def take_closure(browser: Browser, address: str) -> None:
    """Close a day, and take what is shown before anything is changed."""
    page = opened_group(browser, address, "officer")
    say(page, CLOSURE)
    photograph(page, "closure", message(page, "/close"), message(page, "دامنه تصمیم"))


def take_workshop(browser: Browser, address: str) -> None:
    """Look for a workshop, and take its page."""
    page = opened(browser, address, "maryam", height=1500)
    begin(page)
    say(page, "/workshops")
    press(page, "نزدیک‌ترین در آغاز فهرست", WORKSHOP)
    shown = message(page, "انصراف یا جابه‌جایی: تا")
    photograph(page, "workshop", shown, shown)


def take_payout(browser: Browser, address: str) -> None:
    """Pay money in and ask for some of it; take the card on which finance decides."""
    page = opened(browser, address, "ali", height=900)
    begin(page)
    say(page, "/topup")
    press(page, "چگونه می‌پردازید", "همین‌جا در گفت‌وگو")
    message(page, "چه مبلغی باشد")
    say(page, "۵۰۰ هزار تومان")
    press(page, "مرور افزایش موجودی", "بساز")
    message(page, "صورتحساب در پیام پایین است")
    page.locator("#log .key.pay").click()
    page.get_by_role("dialog").get_by_role("button", name="پرداخت").click()
    message(page, "موجودی کیف پول شما افزایش یافت")
    say(page, "/payout")
    message(page, "چه مبلغی واریز شود")
    say(page, "۴۰۰ هزار تومان")
    message(page, "شماره شبای حساب خودتان")
    say(page, IBAN)
    message(page, "این حساب به نام کیست")
    say(page, "علی رضایی")
    press(page, "مرور درخواست واریز", "ثبت درخواست")
    desk = opened_group(browser, address, "finance")
    press(desk, "درخواست واریز", "بررسی می‌کنم")
    card = message(desk, "نرگس")
    photograph(desk, "payout", card, card)


def take_training(browser: Browser, address: str) -> None:
    """Begin a training, and take what is to be tried."""
    page = opened_group(browser, address, "officer", height=1200)
    say(page, "/training")
    hints = message(page, "پاک شوند")
    photograph(page, "training", hints, hints)


if __name__ == "__main__":
    main()
