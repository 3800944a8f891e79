"""Where and when something was measured: figures without it mean little."""

import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC
from pathlib import Path
from statistics import median

from bot.kit.clock import now

ROOT = Path(__file__).resolve().parents[1]
BOT_CORE, OTHER_CORE = 0, 1
_SYNCS = 50


def description() -> list[str]:
    """Say when, on what and of what is measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    arguments = " ".join(["python", "-m", "benchmarks", *sys.argv[1:]])
    load, flush = os.getloadavg()[0], _flush_microseconds()
    hardware = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB"
    system = f"{platform.system()} {platform.release()}"
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return [
        f"date      {now().astimezone(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}",
        f"command   {arguments}",
        f"machine   {hardware}; load {load:.1f}, a flush to disk {flush:.0f} µs",
        f"software  {system}, {versions}",
    ]


def workplace() -> Path:
    """Name a folder on the disk of the source tree; /tmp may be memory, where FULL is free."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _commit() -> str:
    git = subprocess.run(
        ["/usr/bin/env", "git", "-C", str(ROOT), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return git.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _flush_microseconds() -> float:
    seconds = []
    with tempfile.TemporaryFile(dir=workplace()) as file:
        for _ in range(_SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - began)
    return median(seconds) * 1e6
