"""Take the pictures of the documentation from the running desk, so that they cannot lie."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
QUESTION = "تا کی می‌تونم از کارگاه انصراف بدم؟"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    """Start the desk on free ports, talk to it, and take one picture of the chat."""
    browser_path = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as directory:
        environment = {
            **os.environ,
            "MIZBAN_DATABASE_URL": f"sqlite+aiosqlite:///{directory}/mizban.sqlite3",
            "MIZBAN_SIMULATOR_PORT": "0",
            "MIZBAN_HEALTH_PORT": "0",
            "MIZBAN_SEMANTIC": "false",
        }
        desk = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert desk.stdout is not None
            address = desk.stdout.readline().removeprefix("Chat page:").strip()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
                page = browser.new_page(viewport={"width": 1000, "height": 760})
                page.goto(f"{address}?person=sara")
                talk(page)
                page.screenshot(path=HERE / "chat.png")
                browser.close()
        finally:
            desk.terminate()
            desk.wait(10)


def talk(page: Page) -> None:
    """Greet the desk, and ask it one question."""
    page.get_by_role("button", name="شروع گفتگو").click()
    page.get_by_text("خوش آمدید").first.wait_for()
    box = page.get_by_role("textbox").last
    box.fill(QUESTION)
    box.press("Enter")
    page.get_by_text("KN-27").first.wait_for()
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
