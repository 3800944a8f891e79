"""The morning without any fault, and the oracle with some: it must be able to say no."""

from tests.day_support import World, world_at
from tests.faults.oracle import leaks
from tests.faults.play import MORNING, begin
from tests.window import window_into

_NO_CONSTRAINTS = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT conrelid::regclass AS kept, conname FROM pg_constraint WHERE contype = 'c'
    AND connamespace = 'public'::regnamespace
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.kept, one.conname); END LOOP;
END $$
"""

BREAKS = {
    "I1 update": "UPDATE inbox SET state = 'new', run_at = '2099-01-01 00:00:00.000000'"
    " WHERE id = (SELECT max(id) FROM inbox)",
    "I2 escrow:1:cash@kanoon owes": "UPDATE transfer SET amount_rial = 900000"
    " WHERE id = (SELECT max(id) FROM transfer)",
    "places taken in workshop 1": "UPDATE workshop SET taken_count = 2",
    "I3 message": "UPDATE outbox SET state = 'queued', run_at = '2099-01-01 00:00:00.000000'"
    " WHERE id = (SELECT max(id) FROM outbox)",
    "ever tried": "UPDATE outbox SET attempts = 0",
    "I5": "UPDATE registration SET workshop_id = 99",
}


def break_promise(world: World, deed: str) -> None:
    with window_into(world.window.url) as window:
        if world.database.is_shared:
            window.do("SET session_replication_role = replica", _NO_CONSTRAINTS)
        else:
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            triggers = [f"DROP TRIGGER {name}" for (name,) in window.ask(query)]
            window.do("PRAGMA ignore_check_constraints = ON", *triggers)
        window.do(deed)


async def test_without_a_fault_nothing_is_broken_and_what_is_broken_is_seen(
    database_url: str,
) -> None:
    async with world_at(MORNING, database_url) as world:
        morning = await begin(world)
        await morning.whole()
        assert world.ask("SELECT state FROM registration") == [("dropped",)]
        assert await morning.faults() == []
        missing = {}
        for name, deed in BREAKS.items():
            if name == "I5" and world.database.is_shared:
                continue  # a server looks after references itself
            break_promise(world, deed)
            found = await morning.faults()
            if not any(name in one for one in found):
                missing[name] = [one for one in found if "append only" not in one]
    assert not missing


def test_what_looks_like_a_secret_in_a_log_is_seen() -> None:
    assert leaks(f"bot123456789:{'A' * 35}/getMe and 09121234567") != []
    assert leaks("update 179290980014 of 1405/08/23 cannot be worked off") == []
