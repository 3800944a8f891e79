"""Wishing to be told of new workshops: kept, listed, and ended with a tap."""

import pytest

from bot.citizens.model import CitizenId
from bot.workshops import use_cases as workshops
from bot.workshops.model import SUBSCRIPTIONS_MAX, Sieve, Subscription
from handlers.callback_data.sieves import written
from handlers.views.workshops import subscriptions as views
from tests.handlers.browsing_support import given_open, sound, tap
from tests.handlers.citizen_support import agree
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, faults_of, plain
from tests.workshops import given as seeds
from tests.workshops.support import HOUR, NOW, OFFICE, OPENS

REZA = 5_000_000_111


@pytest.fixture(autouse=True)
async def _while_registration_is_open(desk: DeskUnderTest, sara: Visitor) -> None:
    desk.now = OPENS + HOUR
    await agree(desk, sara.id)


async def wishes_of(desk: DeskUnderTest, person: Visitor) -> list[Subscription]:
    async with desk.database.reading() as tx:
        return await workshops.subscriptions_of(tx, citizen_id=CitizenId(person.id))


async def test_what_is_filtered_by_is_what_one_is_told_of(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk, subject="نقاشی", province="گیلان")
    sieve = Sieve(8, "گیلان", "نقاشی", is_room_wanted=True, fee_rial_max=0)
    sound(await sara.press_data(f"wl:{OFFICE}:{written(sieve)}:0"))
    promised = await tap(sara, "خبرم کن")
    assert "برای ۸ ساله‌ها · گیلان · نقاشی" in plain(promised.text)
    (wish,) = await wishes_of(desk, sara)
    assert wish.sieve == Sieve(8, "گیلان", "نقاشی")
    again = sound(await sara.press_data(f"wn:a:{OFFICE}:{written(wish.sieve)}"))
    assert "از پیش" in plain(again.text)
    assert len(await wishes_of(desk, sara)) == 1


async def test_wishes_are_listed_and_each_ends_with_one_tap(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for age in (7, 8, 9):
        await sara.press_data(f"wn:a:{OFFICE}:a{age}")
    await sara.say("/workshops")
    listed = await tap(sara, "خبرهای من")
    assert all(f"برای {age} ساله‌ها" in plain(listed.text) for age in "۷۸۹")
    left = await tap(sara, "پایان شماره ۲")
    assert "۸ ساله" not in plain(left.text)
    assert [wish.age for wish in await wishes_of(desk, sara)] == [7, 9]
    nothing = await tap(sara, "پایان همه", listed)
    assert "خبر هیچ کارگاهی" in plain(nothing.text)
    assert await wishes_of(desk, sara) == []
    sound([await sara.press("پایان شماره ۱", listed)])


async def test_the_notice_names_the_workshop_and_ends_with_one_tap(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        sara_id = CitizenId(sara.id)
        wish, _ = await workshops.subscribe(
            tx, citizen_id=sara_id, office_id=OFFICE, sieve=Sieve(age=8), now=NOW
        )
        await seeds.given_open(tx)
        portion = await workshops.next_to_tell(tx, office_id=OFFICE, now=desk.now, limit=9)
        (listing,) = await workshops.upcoming(tx, office_ids=[OFFICE], now=desk.now)
    assert portion is not None
    assert portion[1] == [wish]
    published = desk.shared.catalogue.published_by(OFFICE)
    notice = views.told(desk.shared.words_of("fa"), published, listing, wish)
    assert "نقاشی با آبرنگ" in plain(notice.text)
    assert "برای ۸ ساله‌ها" in plain(notice.text)
    opens, ends = [button.payload for row in notice.buttons for button in row]
    assert opens is not None
    assert ends is not None
    reza = desk.person(REZA)
    sound(await reza.press_data(ends.pack()))
    assert await wishes_of(desk, sara) == [wish], "somebody else's tap ends nothing"
    assert sound(await sara.press_data(opens.pack())).method == "sendMessage"
    ended = sound(await sara.press_data(ends.pack()))
    assert ended.method == "sendMessage", "the notice stays to be read"
    assert await wishes_of(desk, sara) == []
    assert not faults_of(sound(await sara.press_data(ends.pack()))), "a second tap does no harm"


async def test_too_many_wishes_are_refused_with_a_way_forward(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for age in range(SUBSCRIPTIONS_MAX):
        await sara.press_data(f"wn:a:{OFFICE}:a{age}")
    said = sound(await sara.press_data(f"wn:a:{OFFICE}:a90"))
    assert "۱۰ گونه" in plain(said.text)
    assert len(await wishes_of(desk, sara)) == SUBSCRIPTIONS_MAX
    await tap(sara, "پایان شماره ۱")
    assert len(await wishes_of(desk, sara)) == SUBSCRIPTIONS_MAX - 1


async def test_wishes_are_nobody_elses_business(desk: DeskUnderTest, sara: Visitor) -> None:
    await sara.press_data(f"wn:a:{OFFICE}:a8")
    (in_group,) = desk.group(GROUP_ID, sara.id)
    assert await in_group.press_data("wn:l::") == []
    listed = sound(await desk.person(REZA).press_data("wn:l::"))
    assert "۸ ساله" not in plain(listed.text)


async def test_a_wish_for_words_that_the_list_has_no_longer_still_counts(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        await workshops.subscribe(
            tx,
            citizen_id=CitizenId(sara.id),
            office_id=OFFICE,
            sieve=Sieve(subject="خوش‌نویسی"),
            now=NOW,
        )
    mark = written(Sieve(subject="خوش‌نویسی"))
    now = sound(await sara.press_data(f"wl:{OFFICE}:{mark}:0"))
    assert "خوش‌نویسی" in plain(now.text)
    foreign = sound(await desk.person(REZA).press_data(f"wl:{OFFICE}:{mark}:0"))
    assert "خوش‌نویسی" not in plain(foreign.text), "her words are not known to others"
