"""Mutants of some files, each tried in a fork of one pytest that has collected everything.

`python -m tests.mutants FILE...` writes mutants over files of a copy of the tree, and their names
into mutants.json; `pytest -p tests.mutants --mutants=SEED:COUNT TESTS` tries a sample of them.
The program as it is comes first, and says which test meets which function; then one that always
fails. docs/mutation.md says more; mutmut, which makes the mutants, is in no lock file.
"""

import gc
import json
import os
import random
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

try:
    from mutmut.mutation import trampoline  # type: ignore[import-not-found] # in no lock file
except ImportError:
    trampoline = None
_NAMES = Path("mutants.json")
_WHOLE = re.compile(r"^@((?:steps\.)?whole)\n(?=(?:async )?def (\w+))", re.MULTILINE)
_CPU_SECONDS, _WALL_SECONDS, _FILE_BYTES = 30, 240, 300 * 1024**2


def write(paths: Sequence[str]) -> None:
    """Write all mutants of each file into it.

    mutmut leaves what is decorated alone. Our one decorator of use cases is taken off first, and
    put on again behind the module.
    """
    from mutmut.mutation.file_mutation import (  # noqa: PLC0415 - in no lock file
        mutate_file_contents,  # type: ignore[import-not-found]
    )
    from mutmut.utils.format_utils import (  # noqa: PLC0415 - as above
        get_mutant_name,  # type: ignore[import-not-found]
    )

    names: list[str] = []
    for path in map(Path, paths):
        source = path.read_text()
        again = "".join(f"\n{name} = {by}({name})\n" for by, name in _WHOLE.findall(source))
        made = mutate_file_contents(str(path), _WHOLE.sub("", source), None, None)
        path.write_text(made.code + again)
        names += [get_mutant_name(path, name) for name in made.mutant_names]
    _NAMES.write_text(json.dumps(sorted(names)))


class _Watch:
    """Remembers which test failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants", metavar="SEED:COUNT")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    asked = session.config.getoption("--mutants")
    if not asked:
        return None
    seed, count = map(int, asked.split(":"))
    names = random.Random(seed).sample(json.loads(_NAMES.read_text()), count)
    _Trial(session).try_all(names)
    return True


class _Trial:
    """One session whose tests are run again and again, each time in a fork."""

    def __init__(self, session: pytest.Session) -> None:
        self.items = {item.nodeid: item for item in session.items}
        self.writer = session.config.get_terminal_writer()
        manager = session.config.pluginmanager
        manager.unregister(name="terminalreporter")  # which would draw a dot for each test
        self.watch = _Watch()
        manager.register(self.watch)
        capture = manager.getplugin("capturemanager")
        if capture is not None:
            capture.suspend_global_capture(in_=True)
        trampoline.set_mutant_under_test("none.x_none__mutmut_0")
        # The first database makes the one that all others are copied from.
        self.one = next(
            one for one in session.items if "database" in getattr(one, "fixturenames", ())
        )
        self.other = next(one for one in session.items if one.path != self.one.path)
        assert not self.run([self.one.nodeid], is_patient=False), "the program as it is"
        gc.collect()
        gc.freeze()

    def say(self, line: str) -> None:
        self.writer.line(line)
        self.writer.flush()

    def run(self, ids: Sequence[str], *, is_patient: bool) -> list[str]:
        """Run tests, to the first that fails or to the end; gives which failed."""
        self.watch.failed.clear()
        for item in (self.items[one] for one in ids):
            # What pytest believes to come next, it does not tear down.
            following = self.one if item.path == self.other.path else self.other
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.watch.failed and not is_patient:
                break
        return self.watch.failed

    def try_all(self, names: Sequence[str]) -> None:
        """Tell of each mutant that survives, and count them all."""
        met, took, failed = _forked(self._control, 20 * _CPU_SECONDS)
        self.say(f"as it is: {len(took)} tests, of which fail: {failed}")
        assert _forked(lambda: self._tried("fail", list(took)), _CPU_SECONDS), "it always fails"
        found: Counter[str] = Counter()
        useful: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for name in names:
            function = name.rpartition("__mutmut_")[0]
            ids = [one for one in met.get(function, ()) if one not in failed]
            ids.sort(key=lambda one, count=useful[function]: (-count[one], took[one]))
            killers = _forked(lambda name=name, ids=ids: self._tried(name, ids), _CPU_SECONDS)
            useful[function].update(killers or ())
            result = "survived" if ids else "not met"
            if killers != []:
                result = "killed" if killers else "never ended"
            found[result] += 1
            if result != "killed":
                self.say(f"{result}: {name}, {len(ids)} tests")
        self.say(f"{dict(found)} of {len(names)}")

    def _control(self) -> tuple[dict[str, list[str]], dict[str, float], list[str]]:
        met: defaultdict[str, set[str]] = defaultdict(set)
        took: dict[str, float] = {}
        failed: list[str] = []
        trampoline.set_mutant_under_test("stats")
        for one in self.items:
            trampoline.record_trampoline_hit = lambda name, one=one, **_: met[name].add(one)
            began = time.monotonic()
            failed += self.run([one], is_patient=True)
            took[one] = time.monotonic() - began
        return {name: sorted(ids) for name, ids in met.items()}, took, failed

    def _tried(self, name: str, ids: Sequence[str]) -> list[str]:
        trampoline.set_mutant_under_test(name)
        return self.run(ids, is_patient=False)


def _forked(work: Callable[[], Any], cpu_seconds: int) -> Any:
    """Do something in a process of its own; gives what it gives, or None where it does not end."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(null, stream)
        try:
            with os.fdopen(writing, "w") as answer:
                json.dump(work(), answer)
        finally:
            os._exit(0)
    os.close(writing)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(cpu_seconds * _WALL_SECONDS // _CPU_SECONDS)
    with os.fdopen(reading) as answer:
        said = answer.read()
    signal.alarm(0)
    os.waitpid(child, 0)
    return json.loads(said) if said else None


if __name__ == "__main__":
    write(sys.argv[1:])
