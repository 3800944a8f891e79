"""Runs `python -m bot evaluate` and keeps its figures beside what they must reach.

The arguments are those of that command.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator

from benchmarks.machine import ROOT
from benchmarks.state import Figure, report

_RANKED = re.compile(
    r"(?P<name>\w+)\s+n\s+(?P<count>\d+)\s+R@1\s+(?P<first>[\d.]+) %\s+R@3\s+(?P<three>[\d.]+) %"
)
_SHARE = re.compile(
    r"(?P<name>not ours, answered all the same|answered, and rightly): (?P<share>[\d.]+) %"
)
_OWN = {"R@1": 85.0, "R@3": 95.0}
_FALSE_MOST = 5.0
_COLLECTION_LEAST = {  # with the words alone, and with the semantic signal
    "clean": (94.0, 95.0),
    "mix": (91.0, 92.0),
}


def main() -> int:
    command = [sys.executable, "-m", "bot", "evaluate", *sys.argv[1:]]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if running.returncode == 0:
        print()
        report("evaluate", list(_figures(lines)))
    return running.returncode


def _figures(lines: Iterable[str]) -> Iterator[Figure]:
    signals, is_semantic = "", False
    for line in lines:
        if line.startswith("== "):
            signals = line.removeprefix("== ").strip()
            is_semantic = signals != "words alone"
        ranked, share = _RANKED.match(line), _SHARE.match(line)
        if share is not None:
            is_false = share["name"].startswith("not ours")
            budget = _FALSE_MOST if is_false else None
            yield Figure(
                f"{share['name']} ({signals})", float(share["share"]), "%", budget, digits=1
            )
        if ranked is None:
            continue
        if ranked["name"] == "all":
            for name, group in (("R@1", "first"), ("R@3", "three")):
                title = f"own questions, {name}, {ranked['count']} of them ({signals})"
                yield Figure(title, float(ranked[group]), "%", _OWN[name], is_least=True, digits=1)
        elif ranked["name"] in _COLLECTION_LEAST:
            least = _COLLECTION_LEAST[ranked["name"]][is_semantic]
            title = f"collection, {ranked['name']}, R@1 ({signals})"
            yield Figure(title, float(ranked["first"]), "%", least, is_least=True, digits=1)


if __name__ == "__main__":
    sys.exit(main())
