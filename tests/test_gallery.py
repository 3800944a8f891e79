"""The gallery of messages: its scenes are there, and what is said in them is drawn."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import yaml

from docs.gallery.__main__ import SCENES, chapters_of, files, placed, played, unsaid
from docs.gallery.pages import Gallery

ROOT = Path(__file__).parent.parent
SCENE = re.compile(r"[\w/]+\.py::(?:(?P<room>\w+)::)?(?P<test>\w+)(?:\[|$)")


def names_in(path: Path) -> set[tuple[str | None, str]]:
    """Every test of a file, with its class if it stands in one."""
    found: set[tuple[str | None, str]] = set()
    for node in ast.parse(path.read_text()).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        room = node.name if isinstance(node, ast.ClassDef) else None
        found |= {
            (room, one.name)
            for one in inside
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        }
    return found


def test_every_scene_is_a_test_that_is_there() -> None:
    chapters = chapters_of(yaml.safe_load(SCENES.read_text()))
    scenes = [scene for chapter in chapters for scene in chapter.scenes]
    assert len(scenes) > 100
    gone = []
    for scene in scenes:
        found = SCENE.match(scene)
        assert found is not None, scene
        path = ROOT / placed(scene).partition("::")[0]
        if not path.exists() or (found["room"], found["test"]) not in names_in(path):
            gone.append(scene)
    assert not gone, "name another test in docs/gallery/scenes.yaml, or choose them anew"


def test_what_no_scene_says_is_said_by_the_product_all_the_same() -> None:
    gone = unsaid().keys() - files().keys()
    assert not gone, "take it out of docs/gallery/unsaid.yaml"
    assert len(unsaid()) < len(files()) / 20


def test_a_chapter_is_played_and_drawn_in_both_languages() -> None:
    whole = chapters_of(yaml.safe_load(SCENES.read_text()))[0]
    first = replace(whole, scenes=whole.scenes[:3])
    tapes = played([placed(scene) for scene in first.scenes])
    assert set(first.scenes) == set(tapes)
    pages = {language: Gallery(language, files()) for language in ("fa", "en")}
    drawn = {language: page.page([first], tapes) for language, page in pages.items()}
    assert 'dir="rtl"' in drawn["fa"]
    assert "خوش آمدید" in drawn["fa"]
    assert "Welcome" in drawn["en"]
    for language, page in drawn.items():
        assert page.count('class="bubble"') + page.count('class="toast"') == pages[language].count
        assert pages[language].count >= 3
        assert 'class="key"' in page
