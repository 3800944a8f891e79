from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.digits import persian_digits
from bot.kit.identity import (
    PersonalData,
    is_iban,
    is_national_id,
    masked,
    masked_national_id,
    personal_data_in,
    read_iban,
    read_national_id,
)

ID, IBAN, CARD, MOBILE, EMAIL = (
    PersonalData.NATIONAL_ID,
    PersonalData.IBAN,
    PersonalData.CARD,
    PersonalData.MOBILE,
    PersonalData.EMAIL,
)


@pytest.mark.parametrize("written", ["0013542419", "۰۰۱۳۵۴۲۴۱۹", "001-354241-9", "٠٠١٣٥٤٢٤١٩"])
def test_a_national_id_adds_up(written: str) -> None:
    assert is_national_id(written)


@pytest.mark.parametrize(
    "written", ["0013542410", "0000000000", "1111111111", "²013542419", "013542419", "", "متن"]
)
def test_what_does_not_add_up_is_no_national_id(written: str) -> None:
    assert not is_national_id(written)


def test_a_national_id_is_read_to_one_form_and_shown_by_its_end() -> None:
    assert read_national_id("کد ملی: \u2066۰۰۱-۳۵۴۲۴۱-۹\u2069") == "0013542419"
    assert read_national_id("0013542410") is None
    assert read_national_id("") is None
    assert masked_national_id("0013542419") == "•••419"


def test_an_iranian_account_number_is_checked() -> None:
    assert is_iban("IR050170000000123456789012")
    assert is_iban("ir05 0170 0000 0012 3456 7890 12")
    assert is_iban("۰۵۰۱۷۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰۱۲")
    assert not is_iban("IR050170000000123456789013")
    assert not is_iban("DE89370400440532013000")
    assert not is_iban("0" * 24)


def test_an_account_number_is_read_to_one_form_however_it_is_typed() -> None:
    read = "IR050170000000123456789012"
    assert read_iban("IR050170000000123456789012") == read
    assert read_iban(" ir05 0170-0000 0012 3456 7890 12\n") == read
    assert read_iban("\u2066۰۵۰۱۷۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰۱۲\u2069") == read
    assert read_iban("IR050170000000123456789013") is None
    assert read_iban("IRIR050170000000123456789012") is None
    assert read_iban("") is None


@pytest.mark.parametrize(
    "written", ["09121234567", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+98 912 123 4567", "00989121234567", "9121234567"]
)
def test_a_mobile_number_is_known_with_or_without_its_country(written: str) -> None:
    assert personal_data_in(written) == {MOBILE}


@pytest.mark.parametrize("written", ["01133334444", "1570", "0912123456", "091212345678"])
def test_other_numbers_are_no_mobile(written: str) -> None:
    assert not personal_data_in(written)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("کد ملی من 0013542419 است", {ID}),
        ("کدملی۰۰۱۳۵۴۲۴۱۹", {ID}),
        ("۰۰۱-۳۵۴۲۴۱-۹", {ID}),
        ("001 354 2419 مال دخترمه", {ID}),
        ("0 0 1 3 5 4 2 4 1 9", {ID}),
        ("0\u200c01354241\u200e9", {ID}),
        ("0013542419 09121234567", {ID, MOBILE}),
        ("شمارم ۰۹۱۲ ۱۲۳ ۴۵ ۶۷", {MOBILE}),
        ("با +989121234567 تماس بگیرید", {MOBILE}),
        ("0912.123.4567", {MOBILE}),
        ("9121234567", {MOBILE}),
        ("شبا IR05 0170 0000 0012 3456 7890 12", {IBAN}),
        ("ir۰۵۰۱۷۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰۱۹", {IBAN}),
        ("۰۵۰۱۷۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰۱۲", {IBAN}),
        ("کارت ۶۱۰۴-۳۳۷۰-۰۰۰۰-۰۰۰۸", {CARD}),
        ("کارت 6104337000000009 مال منه", {CARD}),
        ("۶۱۰۴ ۳۳۷۰ ۰۰۰۰ ۰۰۹", {CARD}),
        ("شماره حسابم 0123456789012 هست", {CARD}),
        ("6104-3370-0000-0009 و 09121234567", {CARD, MOBILE}),
        ("جواب را به ali.rezaei@example.com بفرستید", {EMAIL}),
        ("Ali@example.co.ir", {EMAIL}),
    ],
)
def test_personal_numbers_are_found_however_they_are_typed(
    text: str, kinds: set[PersonalData]
) -> None:
    assert personal_data_in(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "تلفن اداره ۰۱۱۳۳۳۳۴۴۴۴ است؟",
        "تلفن 011-33334444 یا 011 3333 4444",
        "+98 11 3333 4444",
        "تا ۱۴۰۲/۱۲/۲۹ یا 1402-12-29 10:30",
        "بند KN-27 و MZ-10",
        "شناسه خدمت 1002 1521 000",
        "۱۲۵۰۰۰۰ ریال، ۱٬۲۵۰٬۰۰۰ ریال",
        "کد استاندارد 1234567890",
        "0000000000 و 1111111111",
        "ساعت ۷:۳۰ تا ۱۴:۳۰",
        "kpf.ir/lms",
        "",
        "²013542419",
        "از 1402-12-29 1403-12-29",
        "1250000 - 1500000 ریال",
        "011 3333 4444 - 011 3333 4445",
        "12345678901234567890",
        "@kanoon در تلگرام",
        "قیمت @ 5.000",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert personal_data_in(text) == frozenset()


def test_a_number_the_office_publishes_is_nobodys() -> None:
    assert personal_data_in("خدمت ۰۰۱۳۵۴۲۴۱۹", known={"0013542419"}) == frozenset()
    assert personal_data_in("خدمت 1002152100001", known={"1002152100001"}) == frozenset()


@given(st.from_regex(r"09[0-9]{9}", fullmatch=True))
def test_persian_digits_hide_nothing(mobile: str) -> None:
    assert MOBILE in personal_data_in(f"شماره {persian_digits(mobile)} است")


@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert isinstance(personal_data_in(text), frozenset)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("کد ملی من ۰۰۱۳۵۴۲۴۱۹ است", "کد ملی من ••• است"),
        ("کارت 6104-3370-0000-0008، شبا IR05 0170 0000 0012 3456 7890 12", "کارت •••، شبا •••"),
        ("زنگ بزنید: +98 912 123 4567 یا a.b@example.ir", "زنگ بزنید: +••• یا •••"),
        ("می\u200cخواهم ۲۰ نفر در ۱۴۰۵/۰۹/۰۱", "می\u200cخواهم ۲۰ نفر در ۱۴۰۵/۰۹/۰۱"),
        ("00\u200b13542\u200f419", "•••"),
        ("", ""),
    ],
)
def test_what_names_a_person_is_dotted_out_and_the_rest_stays(written: str, kept: str) -> None:
    assert masked(written) == kept


def test_a_number_that_the_office_publishes_is_not_dotted_out() -> None:
    assert masked("خدمت 0013542419") == "خدمت •••"
    assert masked("خدمت 0013542419", known=frozenset({"0013542419"})) == "خدمت 0013542419"


@given(st.text(alphabet="0123456789۰۱۲ -.@aIR\u200c\nس", max_size=60))
def test_of_what_was_dotted_out_nothing_is_found_any_more(text: str) -> None:
    assert not personal_data_in(masked(text))
    assert masked(masked(text)) == masked(text)


def test_a_number_behind_many_others_is_found_and_dotted_out_soon() -> None:
    text = "1 2 " * 480 + "6104337000000008"
    began = perf_counter()
    assert CARD in personal_data_in(text)
    assert not personal_data_in(masked(text))
    assert perf_counter() - began < 1
