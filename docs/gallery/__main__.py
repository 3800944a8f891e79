"""Draw every message of the product, in both languages, as the desk says it in its own tests.

`python -m docs.gallery` plays the scenes of scenes.yaml and writes var/gallery/{fa,en}.html;
`python -m docs.gallery choose` plays all tests of handlers/ and writes scenes.yaml anew.
"""  # noqa: INP001 - a program beside the documentation, in no package

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import yaml
from babel.messages.pofile import read_po

from docs.gallery.pages import Chapter, Gallery, unshown

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENES = HERE / "scenes.yaml"
UNSAID = HERE / "unsaid.yaml"
FOLDER = "tests/handlers"
RARE = ("docs/gallery/rare.py", "docs/gallery/seldom.py")
QUICK = Path("/dev/shm")  # noqa: S108 - a disk in memory, where there is one
BOTH_CORES = ("-n", "2")
# They press and write at random by the thousand, or die at every statement.
LEFT_OUT = ("test_buttons", "test_crash_*", "test_*hostile", "test_walk")


def main(arguments: Sequence[str]) -> int:
    """Play, draw, and say how much was shown; or choose the scenes anew."""
    if list(arguments) == ["choose"]:
        return choose()
    chapters = chapters_of(yaml.safe_load(SCENES.read_text()))
    wanted = [scene for chapter in chapters for scene in chapter.scenes]
    tapes = played([placed(scene) for scene in wanted], *BOTH_CORES)
    target = ROOT / "var" / "gallery"
    target.mkdir(parents=True, exist_ok=True)
    known = files()
    for gallery in (Gallery("fa", known, unsaid()), Gallery("en", known, unsaid())):
        (target / f"{gallery.language}.html").write_text(drawn(gallery, chapters, tapes))
        tell(gallery)
    lost = [scene for scene in wanted if scene not in tapes]
    tell_lines(f"Scenes that are gone or did not come to their end: {len(lost)}", lost)
    return 0


def drawn(gallery: Gallery, chapters: list[Chapter], tapes: dict[str, Any]) -> str:
    """Draw a page twice: what it shows is counted at its top."""
    gallery.page(chapters, tapes)
    again = Gallery(gallery.language, gallery.files, gallery.unsaid)
    page = again.page(chapters, tapes)
    return page.replace("<p>0 · 0 /", f"<p>{gallery.count} · {len(gallery.shown)} /", 1)


def chapters_of(written: Iterable[dict[str, Any]]) -> list[Chapter]:
    """Read the chapters."""
    return [Chapter(one["title"], one["persian"], tuple(one["scenes"])) for one in written]


def placed(scene: str) -> str:
    """Say where pytest finds a scene."""
    return scene if scene.startswith(RARE) else f"{FOLDER}/{scene}"


def files() -> dict[str, str]:
    """Every message of the product, with the first file that says it.

    Other names of a line of a form, parted by bars, are read and never said.
    """
    with (ROOT / "locale" / "mizban.pot").open("rb") as file:
        catalogue = read_po(file)
    return {
        str(one.id): str(one.locations[0][0]) for one in catalogue if one.id and "|" not in one.id
    }


def unsaid() -> dict[str, str]:
    """Every message that no scene says, with the reason."""
    parts = yaml.safe_load(UNSAID.read_text())
    return {message: part["why"] for part in parts for message in part["messages"]}


def played(wanted: Sequence[str], *options: str) -> dict[str, list[dict[str, Any]]]:
    """Play scenes, or all scenes of some files; gives what was said in each."""
    paths = sorted({one.partition("::")[0] for one in wanted})
    with TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as directory:
        if paths != sorted(wanted):
            (Path(directory) / "wanted").write_text("\n".join(wanted))
        environment = {**os.environ, "MIZBAN_GALLERY": directory}
        command = [sys.executable, "-m", "pytest", "-p", "docs.gallery.recorder", "--tb=line"]
        command += ["-p", "no:cacheprovider", f"--basetemp={directory}/tests", *options, *paths]
        ended = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
        )
        if ended.returncode:
            sys.stderr.write(ended.stdout[-2000:])
        lines = [
            orjson.loads(line)
            for path in sorted(Path(directory).glob("*.jsonl"))
            for line in path.read_bytes().splitlines()
        ]
    lines.sort(key=lambda line: (line["at"], line["scene"]))
    return {line["scene"].removeprefix(f"{FOLDER}/"): line["turns"] for line in lines}


def tell(gallery: Gallery) -> None:
    """Say how many messages a page shows, and which it does not."""
    missing = unshown(gallery.files, gallery.shown | gallery.unsaid.keys())
    shown, known = len(gallery.shown), len(gallery.files)
    share = f"{100 * shown / known:.1f} %"
    head = f"{gallery.language}: {shown} of {known} message ids shown ({share}); missing, and not "
    head += f"among the {len(gallery.unsaid)} of unsaid.yaml:"
    tell_lines(head, [f"{file}: {id_!r}" for file, ids in missing.items() for id_ in ids])


def tell_lines(head: str, lines: Iterable[str]) -> None:
    """Print a line, and others below it."""
    sys.stdout.write("\n  ".join([head, *lines]) + "\n")


def choose() -> int:
    """Play all there is, and keep a few scenes in which everything that is ever said is said."""
    options = [f"--ignore-glob=*/{name}.py" for name in LEFT_OUT]
    keep(played([FOLDER, *RARE], *BOTH_CORES, *options))
    return 0


def keep(tapes: dict[str, list[dict[str, Any]]]) -> None:
    """Choose for each chapter the scenes that say what the chapters before it have not said."""
    chapters = yaml.safe_load(SCENES.read_text())
    known = files().keys()
    left = {name: _said(turns, known) for name, turns in tapes.items()}
    for chapter in chapters:
        own = [
            name
            for pattern in chapter["modules"]
            for name in left
            if fnmatch(name.partition(".py")[0], pattern) and name not in chapter.get("first", [])
        ]
        first = {name: left.pop(name) for name in chapter.get("first", []) if name in left}
        chosen = first | enough(
            {name: left.pop(name) - set().union(*first.values()) for name in dict.fromkeys(own)}
        )
        found = {id_ for ids in chosen.values() for id_ in ids}
        left = {name: ids - found for name, ids in left.items()}
        chapter["scenes"] = [*first, *(name for name in own if name in chosen)]
    written = yaml.safe_dump(chapters, allow_unicode=True, sort_keys=False, width=200)
    SCENES.write_text(written)


def enough(said: dict[str, set[str]]) -> dict[str, set[str]]:
    """Choose scenes that add most to those chosen before, until no scene adds anything."""
    chosen = {}
    while said:
        name = max(said, key=lambda one: (len(said[one]), one))
        found = said.pop(name)
        if not found:
            break
        chosen[name] = found
        said = {one: ids - found for one, ids in said.items()}
    return chosen


def _said(turns: list[dict[str, Any]], known: Iterable[str]) -> set[str]:
    return {
        f"{language} {id_}"
        for turn in turns
        for language in ("fa", "en")
        for message in turn.get(language, [])
        for id_ in message["ids"]
        if id_ in known
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
