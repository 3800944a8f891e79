from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from bot.catalogue.search import Wish, load_lexicon
from bot.catalogue.search.commands import read_file
from bot.catalogue.search.evaluation import KnownQuestion
from bot.kit.tracking import shown

ROOT = Path(__file__).parents[2]
INTENTS = load_lexicon(ROOT / "data" / "lexicon").intents
CODE = "5C4M2HHFNX"

TAKEN = {
    "complaint": [
        "شکایت دارم",
        "از کارمند اداره شکایت دارم",
        "می‌خواهم از مربی کلاس شکایت کنم",
        "میخام شکایت کنم",
        "شکایتدارم",
        "شکایط دارم از آموزشگاه",
        "سلام وقت بخیر، من از نحوه برخورد راضی نیستم. شکایت دارم",
        "شکایت دارم، کجا ثبت کنم؟",
        "لطفاً شکایتم را ثبت کنید",
        "ناراضی‌ام از کلاس نقاشی",
        "از خدماتتون اصلا راضی نیستم",
        "نسبت به نتیجه آزمون اعتراض دارم",
        "من معترضم به این نمره",
        "کارمند باجه با من بد برخورد کرد",
        "مسئول پذیرش سرم داد زد",
        "مربی کلاس به بچه‌ام توهین کرد",
        "اداره جوابم رو نداد، سه هفته‌ست معطلم",
        "كارشناس اداره بي‌احترامي كرد",
        "هیچکس جواب تلفن نمیده",
        "تلفن اداره رو کسی جواب نمیده",
        "دو ساعته منتظرم هیشکی جواب نمیده",
        "کارمندتون خیلی بی ادبه",
        "az edare shekayat daram",
        "mikham shekayat konam",
        "I have a complaint about the workshop",
    ],
    "criticism": [
        "انتقاد دارم",
        "یه انتقاد دارم از کلاس‌ها",
        "از روند صدور گواهی انتقاد دارم.",
        "می‌خواهم انتقادی را مطرح کنم",
        "انتقاذ دارم",
        "انتقاد دارم از نحوه برگزاری",
        "enteghad daram",
    ],
    "suggestion": [
        "پیشنهاد دارم",
        "یک پیشنهاد برای کلاس‌های مجازی دارم",
        "میخوام پیشنهاد بدم کلاس‌ها عصر باشه",
        "پیشنهاد می‌کنم نوبت‌دهی اینترنتی باشد",
        "پیشنهادم اینه که ساعت کلاس عوض بشه",
        "بهتر است کلاس‌ها ضبط شود",
        "پبشنهاد دارم براتون",
        "pishnahad daram",
    ],
    "praise": [
        "می‌خواهم از خانم مربی تشکر کنم",
        "از برخورد خوب کارمند شما ممنونم",
        "کارشناس اداره خیلی خوش‌برخورد بود",
        "از کارمندتون خیلی راضی بودم",
        "تقدیر و تشکر می‌کنم از همکاران شما",
        "از زحمات مربی کلاس قصه‌گویی سپاسگزارم",
        "مربی بچه‌ام عالی بود، دستش درد نکنه",
        "پرسنل پذیرش خیلی خوب بودن ممنون",
        "قدردانی می‌کنم از مدیر آموزشگاه",
        "خدا خیرتون بده خانم احمدی خیلی کمک کرد",
        "I want to thank the staff",
    ],
    "outage": [
        "سامانه قطع است",
        "سایت باز نمیشه",
        "سایت بالا نمیاد",
        "سامانه از دیروز قطعه",
        "سلام سایتتون خرابه",
        "سامانه هنگ کرده و کار نمی‌کند",
        "درگاه پرداخت ارور میده",
        "صفحه ثبت‌نام خطا می‌دهد",
        "سامانه از دسترس خارج شده است",
        "سایت اداره ارور ۵۰۲ میده",
        "ميز خدمت باز نمي‌شود",
        "می‌خواهم قطعی سامانه را گزارش کنم",
        "kpf.ir/lms باز نمیشه",
        "سایتتون از صبح داغونه",
        "صفحه سفید میاد تو سایت",
        "لینک کلاس کار نمیکنه",
        "site baz nemishe",
        "the website is down",
    ],
    "track": [
        "کد پیگیری من چی شد",
        "پیگیری پرونده",
        "پیگیری با کد",
        "وضعیت پرونده‌ام",
        "پرونده من به کجا رسید؟",
        "پروندم چی شد",
        "میخوام پرونده‌ام رو پیگیری کنم",
        "میخوام شکایتم رو پیگیری کنم",
        "شکایتم چی شد",
        "track my case",
    ],
    "my_cases": [
        "پرونده‌های من",
        "پرونده هام",
        "لیست پرونده‌هام رو نشون بده",
        "شکایت‌های من",
        "پرونده‌هامو ببینم",
        "شکایت های قبلیم",
        "my cases",
    ],
}

NOT_TAKEN = [
    "چطور شکایت کنم؟",
    "شکایت از آموزشگاه چه مراحلی دارد؟",
    "از کجا شکایت کنم",
    "می‌خواهم بدانم شکایت را کجا ثبت کنم",
    "چجوری میتونم انتقاد کنم",
    "نحوه ثبت شکایت",
    "نحوه اعتراض به نتیجه آزمون",
    "تلفن شکایات اداره",
    "لینک ثبت شکایت رو بدید",
    "لینک کلاس رو میخوام",
    "کسی هست جواب بده",
    "خانم مربی کی میاد",
    "مرجع رسیدگی به شکایت کیست؟",
    "آیا شکایت هزینه دارد؟",
    "برای شکایت چه مدارکی لازم است",
    "مهلت اعتراض به نتیجه آزمون چقدره",
    "شکایت کیفری",
    "شکایت",
    "فرم شکایت",
    "در مورد شکایت سوال دارم",
    "ثبت نظر و پیشنهاد",
    "نظر ۲۴ ساعته",
    "پیگیری پیشنهاد",
    "پیشنهادم به کجا رسید؟ هفته پیش ثبت کردم",
    "چه پیشنهادی برای کلاس نقاشی دارید؟",
    "پیشنهاد شما برای نوجوان چیه",
    "کد پیگیریم رو گم کردم",
    "کد پیگیری چیست؟",
    "سامانه قطعه، مگه وظیفه شما نیست زیرساختشو درست کنین؟",
    "سامانه باز نمی‌شود؛ چه کنم؟",
    "اگر سامانه قطع بود به کجا خبر بدهم",
    "قطعی سامانه",
    "سامانه ثبت‌نام کدام است",
    "کی سایت درست میشه؟",
    "لینک دوره‌های استانی باز نمیشه، جدول قیمتا کجاس؟",
    "صدام تو کلاس نمیره، دوربینم هم باز نمیشه چیکار کنم؟",
    "سلام",
    "سلام خسته نباشید",
    "ممنون",
    "خیلی ممنون از راهنماییتون",
    "عالی بود مرسی",
    "تشکر",
    "دستتون درد نکنه",
    "ممنون از کارشناس عزیز، هزینه آزمون ادواری چقدره",
    "میخوام با کارشناس صحبت کنم",
    "کارشناس",
    "مربی کلاس نقاشی کیه؟",
    "میخوام ثبت‌نام کنم",
    "مدارک آموزشگاه آزاد",
    "هزینه",
    "گواهینامه مهارت می‌خواهم",
    "سوال دارم",
    "انصراف دارم",
    "پرونده پزشکی لازم است؟",
    "how do I complain?",
    "where can I send a suggestion?",
    "Is the site working on Fridays?",
    "خیلی بیشعورید",
    "1234567890",
    "؟؟؟",
    "🙂" * 2000,
    "",
]


@pytest.mark.parametrize("kind", TAKEN)
def test_a_plain_wish_is_understood(kind: str) -> None:
    found = {text: INTENTS.wish_of(text) for text in TAKEN[kind]}
    missed = {text: wish for text, wish in found.items() if wish is None or wish.kind != kind}
    assert not missed


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_a_question_or_a_greeting_is_no_wish(text: str) -> None:
    assert INTENTS.wish_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        shown(CODE),
        shown(CODE).lower(),
        f"پیگیری کد {shown(CODE)}",
        f"سلام کد پیگیری من {CODE} است، چی شد؟",
        shown(CODE).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    ],
)
def test_a_valid_code_is_a_wish_to_track_it(text: str) -> None:
    assert INTENTS.wish_of(text) == Wish("track", CODE)


def test_a_mistyped_code_is_still_a_wish_to_track_when_it_says_so() -> None:
    assert INTENTS.wish_of("پیگیری کد K7M29-ABCDE") == Wish("track", None)


# It asks nothing: it reports that the site and the system are down, and names the infrastructure.
PLAINLY_REPORTED = {"سایت فنی‌حرفه ای بالانمیاد سامانه خرابه زیرساخت"}


def test_no_known_question_of_ours_is_taken_for_a_wish() -> None:
    questions = read_file(ROOT / "tests" / "data" / "questions.jsonl", KnownQuestion)
    taken = {line.text: wish for line in questions if (wish := INTENTS.wish_of(line.text))}
    assert taken.keys() == PLAINLY_REPORTED


def test_a_long_text_is_read_quickly() -> None:
    text = "این متن بلند است و هیچ چیزی نمی‌خواهد " * 120
    began = process_time()
    assert INTENTS.wish_of(text) is None
    assert process_time() - began < 0.1
