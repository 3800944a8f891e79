"""What a change of terms leaves as it is."""

from bot.cases.model import CaseState
from bot.cases.use_cases import terms
from bot.kit.database import Database
from tests.cases.support import HOUR, NOW, REZA, given_case, given_in

OF_VIRTUAL = {"office_id": "kanoon", "service_ids": ["virtual"]}


async def test_only_cases_of_the_service_that_go_on_are_counted_and_listed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_in(tx, CaseState.CLOSED)
        await given_case(tx, service_id="membership")
        await given_case(tx, service_id=None)
        await given_case(tx, office_id="mazandaran")
        earlier = await given_case(tx, now=NOW - HOUR)
        later = await given_case(tx, now=NOW + HOUR, author_id=REZA)
        assert await terms.count_under_old_terms(tx, **OF_VIRTUAL) == 2

        async def since(moment: object, limit: int = 9) -> list[object]:
            items = await terms.registered_meanwhile(tx, since=moment, limit=limit, **OF_VIRTUAL)
            return [item.case.id for item in items]

        assert await since(earlier.registered_at) == [earlier.id, later.id]
        assert await since(NOW) == [later.id]
        assert await since(NOW - HOUR, limit=1) == [earlier.id]
        assert await since(NOW + 2 * HOUR) == []
