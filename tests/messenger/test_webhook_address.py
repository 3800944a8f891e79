"""Where a platform may post, and what a secret has to look like."""

import pytest

from bot.messenger.platforms import BALE, TELEGRAM, Platform
from bot.messenger.webhook_address import address_of, fault_of_secret, fault_of_url

SECRET = "q7Xb2LkP0vRt9ZsW4mNc8YdE1uHg5JfA"
URL = "https://desk.example/mizban"


@pytest.mark.parametrize("port", [443, 80, 88, 8443])
def test_telegram_posts_to_four_ports_over_https(port: int) -> None:
    assert fault_of_url(f"https://desk.example:{port}/mizban", TELEGRAM) is None


@pytest.mark.parametrize(
    ("url", "platform", "said"),
    [
        ("http://desk.example/", TELEGRAM, "https://"),
        ("http://127.0.0.1:8083/", BALE, "https://"),
        ("https://desk.example:8083/", TELEGRAM, "443, 80, 88, 8443"),
        ("https://desk.example:0/", TELEGRAM, "443, 80, 88, 8443"),
        ("https://desk.example:8443/", BALE, "443, 88"),
        ("https://desk.example:80/", BALE, "443, 88"),
        ("https://desk.example:99999/", TELEGRAM, "no address"),
        ("https://[desk/", TELEGRAM, "no address"),
        ("desk.example/mizban", TELEGRAM, "such as"),
        ("ftp://desk.example/", TELEGRAM, "such as"),
        ("https:///mizban", TELEGRAM, "such as"),
        ("https://me:word@desk.example/", TELEGRAM, "before the host"),
        ("https://desk.example/?a=b", TELEGRAM, "no ?"),
        ("https://desk.example/#a", TELEGRAM, "no #"),
    ],
)
def test_an_address_nobody_would_post_to_is_told(url: str, platform: Platform, said: str) -> None:
    fault = fault_of_url(url, platform)
    assert fault is not None
    assert said in fault


def test_a_server_of_ones_own_posts_anywhere() -> None:
    own = TELEGRAM.at("http://127.0.0.1:8081")
    assert fault_of_url("http://127.0.0.1:18083/x", own) is None


@pytest.mark.parametrize(
    "secret", [None, "", SECRET[:31], SECRET + "!", SECRET[:31] + "ی", SECRET * 9, "abcd" * 9]
)
def test_a_secret_that_could_be_guessed_or_sent_in_no_header_is_refused(
    secret: str | None,
) -> None:
    fault = fault_of_secret(secret)
    assert fault
    assert not secret or secret not in fault


def test_a_drawn_secret_will_do() -> None:
    assert fault_of_secret(SECRET) is None


def test_each_bot_has_a_door_of_its_own_and_finds_it_again() -> None:
    one = address_of(URL, SECRET, TELEGRAM, 1)
    assert address_of(URL + "/", SECRET, TELEGRAM, 1) == one
    others = [
        address_of(URL, SECRET, TELEGRAM, 2),
        address_of(URL, SECRET, BALE, 1),
        address_of(URL, SECRET[::-1], TELEGRAM, 1),
    ]
    assert len({one.door, *(other.door for other in others)}) == 4
    assert one.url == f"{URL}/{one.door}"
    assert len(one.door) == 43


def test_the_secret_is_in_no_address_and_bales_is_the_door_alone() -> None:
    telegram, bale = (address_of(URL, SECRET, one, 1) for one in (TELEGRAM, BALE))
    assert telegram.secret == SECRET
    assert bale.secret is None
    assert SECRET not in telegram.url + bale.url
    assert SECRET not in repr(telegram)
    assert telegram.door not in repr(telegram)
