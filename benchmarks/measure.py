"""A fresh process for each measurement: how long it took, how much memory it and its children held, what it said.

What is measured prints one JSON document. Memory is read from /proc, so on Linux only: the sum over the process tree,
in which what processes share counts once for each of them, so that it is never too low.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
POLL_S = 0.03
TICKS = os.sysconf("SC_CLK_TCK")
KB_IN_PAGE = os.sysconf("SC_PAGE_SIZE") // 1024


class Run(NamedTuple):
    """One process: seconds from its start to its end, seconds of processor, peak megabytes, what it printed.

    Processor and memory are those of the process and of all its descendants.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: dict[str, Any]


class Figure(NamedTuple):
    """A row of the table: a measured value, the most it may be, and how it was come by."""

    name: str
    value: float
    unit: str
    target: float | None = None
    remark: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met; nothing where there is none."""
        if self.target is None:
            return ""
        return "met" if self.value <= self.target else "MISSED"


def fresh(module: str, *arguments: object) -> Run:
    """Run `python -m module arguments…` to its end. Raises RuntimeError, with all that it printed, when it fails."""
    return watched([sys.executable, "-m", module, *map(str, arguments)])


def command(*words: object) -> list[str]:
    """The `stepscope` command of this environment, with these words."""
    return [str(Path(sys.executable).with_name("stepscope")), *map(str, words)]


def watched(words: Sequence[str]) -> Run:
    """Run a command to its end; the last line it prints may be a JSON document. Raises RuntimeError when it fails."""
    with TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(words, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        cpu_s, peak_mb = _to_the_end(process)
        wall_s = time.perf_counter() - begun
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{printed}")
    return Run(wall_s, cpu_s, peak_mb, _document(printed))


def _to_the_end(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Seconds of processor and peak megabytes of a process and its descendants.

    A descendant that nobody waits for, a server of forks, is in no `rusage`: so each is looked at while it runs.
    """
    peak_kb, seconds = 0, dict[int, float]()
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            waited_for = used.ru_utime + used.ru_stime
            return max(waited_for, sum(seconds.values())), max(peak_kb, used.ru_maxrss) / 1024
        seen = {one: _stat(one) for one in _tree(process.pid)}
        seconds |= {one: stat.cpu_s for one, stat in seen.items() if stat is not None}
        peak_kb = max(peak_kb, sum(stat.resident_kb for stat in seen.values() if stat is not None))
        time.sleep(POLL_S)


class _Stat(NamedTuple):
    """What the system knows of a process."""

    parent: int
    cpu_s: float
    resident_kb: int


def _stat(pid: int) -> _Stat | None:
    """None when it has ended. The name in the file, in brackets, may hold anything."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if len(fields) < 22:
        return None
    return _Stat(int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * KB_IN_PAGE)


def _tree(pid: int) -> list[int]:
    """A process and its descendants, as far as they still run."""
    running = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    parents = {one: stat.parent for one in running if (stat := _stat(one)) is not None}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _document(printed: str) -> dict[str, Any]:
    last = printed.strip().rpartition("\n")[2]
    document: dict[str, Any] = json.loads(last) if last.startswith("{") else {}
    return document


def middle(runs: Sequence[Run]) -> Run:
    """The medians of several runs; the greatest memory, and the median of each number that they said."""
    said = {
        name: median(run.said[name] for run in runs)
        for name, value in runs[0].said.items()
        if isinstance(value, int | float)
    }
    return Run(
        median(run.wall_s for run in runs), median(run.cpu_s for run in runs), max(run.peak_mb for run in runs), said
    )


def repeated(times: int, module: str, *arguments: object) -> Run:
    """The medians of so many fresh processes."""
    return middle([fresh(module, *arguments) for _ in range(times)])


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text: name, value, target, verdict, remark."""
    rows = [
        (one.name, _number(one.value, one.unit), "" if one.target is None else f"≤ {_number(one.target, one.unit)}")
        for one in figures
    ]
    widths = [max(map(len, column)) for column in zip(*rows, ("figure", "measured", "target"), strict=True)]
    header = ("figure", "measured", "target")
    lines = [_line(header, widths, "", "")]
    lines += [_line(row, widths, one.verdict, one.remark) for row, one in zip(rows, figures, strict=True)]
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int], verdict: str, remark: str) -> str:
    name, value, target = row
    return f"{name:<{widths[0]}}  {value:>{widths[1]}}  {target:>{widths[2]}}  {verdict:<6}  {remark}".rstrip()


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 2
    return f"{value:,.{digits}f} {unit}"
