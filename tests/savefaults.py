"""Saving while all that can fail fails: processes killed, calls refused, disks full and gone. Linux only.

A process is forked that stops, is attached to by strace, goes on and saves. So the calls counted are those of
the save alone. What is on the disk afterwards must be the old file or the new one, whole.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from keeping import random_kept, same_kept

from rnnviz.session.errors import SessionError
from rnnviz.session.files.stored import open_kept, save_kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.session.files.kept import Kept

WAYS = ("KILL", "ENOSPC", "EIO", "EROFS", "ENODEV")
"""What may happen at a call: the process is killed, or the call is refused with this error."""

SAID, NOT_SAID = 7, 0  # exit codes of a process that could not save and said so, and of one that did
_LEFT_OUT = {"rt_sigreturn", "restart_syscall", "exit_group", "rt_sigaction", "kill", "getpid", "tgkill"}
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)
_PATIENCE = 30.0


class NotTraceableError(Exception):
    """This machine does not let a process be traced."""


@dataclass(frozen=True)
class Outcome:
    """What came of a save. broken: neither file is there, or nobody was told of a failure; empty if not."""

    what: str
    is_new: bool
    broken: str = ""


class Faults:
    """Saves one document over another in a folder, again and again, each time with another fault."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.path = folder / "mine.rnnviz"
        self.old, self.new = random_kept(2 * seed + 1), random_kept(2 * seed + 2)
        save_kept(self.path, self.old)
        self._old_content = self.path.read_bytes()
        save_kept(self.path, self.new)
        self._new_content = self.path.read_bytes()
        self.calls = self._calls()

    def at_calls(self, every: int = 1) -> Iterator[Outcome]:
        """Let each way happen at each call, or at every n-th."""
        numbers: Counter[str] = Counter()
        for place, name in enumerate(self.calls):
            numbers[name] += 1
            if place % every == 0:
                for way in WAYS:
                    yield self.at_call(name, numbers[name], way)

    def at_call(self, name: str, number: int, way: str) -> Outcome:
        """Let something happen at the n-th call of a name."""
        fault = "signal=KILL" if way == "KILL" else f"error={way}"
        code, _ = self._save(f"inject={name}:{fault}:when={number}")
        return self._outcome(f"{way} at {name} {number}", code)

    def at_moments(self, count: int, seed: int = 0) -> Iterator[Outcome]:
        """Kill a process that saves at random moments."""
        draw = Random(seed)
        longest = self._seconds()
        for n in range(count):
            self._restore()
            pid = self._forked(stopped=False)
            time.sleep(draw.uniform(0.0, 1.2 * longest))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            yield self._outcome(f"moment {n}", -signal.SIGKILL)

    def _calls(self) -> list[str]:
        """Return the names of the calls of a save, in order."""
        code, trace = self._save("trace=all")
        assert code == NOT_SAID, trace
        return [name for name in _CALL.findall(trace) if name not in _LEFT_OUT]

    def _save(self, expression: str) -> tuple[int, str]:
        """Save under strace; return the exit code, negative for a signal, and what strace has seen."""
        self._restore()
        pid = self._forked(stopped=True)
        log = self.path.with_name("strace.log")
        words = ["strace", "-f", "-qq", "-o", str(log), "-e", expression, "-p", str(pid)]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as tracer:
            _wait_until_traced(pid, tracer)
            os.kill(pid, signal.SIGCONT)
            _, status = os.waitpid(pid, 0)
            tracer.wait(timeout=_PATIENCE)
        trace = log.read_text(encoding="utf-8", errors="replace")
        log.unlink()
        return os.waitstatus_to_exitcode(status), trace

    def _forked(self, *, stopped: bool) -> int:
        """Fork a process that saves, stopped before that if asked for, and ends with SAID or NOT_SAID."""
        pid = os.fork()
        if pid == 0:
            os._exit(self._child(stopped))
        if stopped:
            os.waitpid(pid, os.WUNTRACED)
        return pid

    def _child(self, stopped: bool) -> int:
        try:
            if stopped:
                os.kill(os.getpid(), signal.SIGSTOP)
            save_kept(self.path, self.new)
        except SessionError as error:
            return SAID if str(error).endswith(".") else 8
        except BaseException:  # noqa: BLE001 — whatever it is, it must not go on in a fork
            return 9
        return NOT_SAID

    def _seconds(self) -> float:
        """Return how long a save takes in a process of its own."""
        started = time.monotonic()
        os.waitpid(self._forked(stopped=False), 0)
        return time.monotonic() - started

    def _restore(self) -> None:
        for path in self.path.parent.iterdir():
            path.unlink()
        self.path.write_bytes(self._old_content)

    def _outcome(self, what: str, code: int) -> Outcome:
        """Look at what is on the disk, and try again."""
        content = self.path.read_bytes()
        is_new = content == self._new_content
        broken = ""
        if content not in (self._old_content, self._new_content):
            broken = f"{len(content)} bytes that are neither file"
        elif not same_kept(open_kept(self.path)[0], self.new if is_new else self.old):
            broken = "another document"
        elif code not in (SAID, NOT_SAID, -signal.SIGKILL):
            broken = f"exit code {code}"
        elif code == NOT_SAID and not is_new:
            broken = "not saved, and nobody was told"
        elif left := self._not_retried():
            broken = left
        return Outcome(what, is_new, broken)

    def _not_retried(self) -> str:
        """Save once more, as a user would; return what is wrong after that."""
        try:
            save_kept(self.path, self.new)
        except SessionError as error:
            return f"cannot be saved again: {error}"
        names = sorted(path.name for path in self.path.parent.iterdir())
        return "" if names == [self.path.name] else f"leaves {names}"


def _wait_until_traced(pid: int, tracer: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    traced = f"TracerPid:\t{tracer.pid}\n"
    while traced not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8"):
        if tracer.poll() is not None or time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise NotTraceableError
        time.sleep(0.001)


@dataclass(frozen=True)
class Disk:
    """A small disk of its own, which can be filled, be made read-only and be pulled out."""

    place: Path

    def mount(self, *options: str) -> bool:
        """Return whether this machine lets us have one."""
        words = ["mount", "-t", "tmpfs", "-o", ",".join(("size=256k", *options)), "none", str(self.place)]
        return subprocess.run(words, check=False, capture_output=True).returncode == 0

    def again(self, *options: str) -> None:
        """Change how it is mounted."""
        words = ["mount", "-o", ",".join(("remount", *options)), str(self.place)]
        subprocess.run(words, check=True, capture_output=True)

    def unmount(self) -> None:
        """Pull it out."""
        subprocess.run(["umount", "-l", str(self.place)], check=True, capture_output=True)


def on_disks(place: Path, old: Kept, new: Kept) -> Iterator[Outcome]:
    """Save onto a disk that is full, read-only or gone, and again when it is not; nothing if there is none.

    place: an empty folder to mount it at.
    """
    disk, path = Disk(place), place / "mine.rnnviz"
    if sys.platform != "linux" or not disk.mount():
        return
    try:
        save_kept(path, old)
        content = path.read_bytes()
        filler = place / "filler"
        for left in range(0, 40_000, 2_000):
            filler.unlink(missing_ok=True)
            _fill(filler, left)
            yield _refused(f"full but for {left} bytes", path, content, new)
            path.write_bytes(content)
        filler.unlink()
        disk.again("ro")
        yield _refused("read-only", path, content, new)
        disk.again("rw")
        yield _saved("writable again", path, new)
        content = path.read_bytes()
        disk.unmount()
        yield Outcome("gone", False, "" if _fails(place / "no" / path.name, new) else "nobody was told")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def _fill(path: Path, left: int) -> None:
    """Fill a disk but for so many bytes."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            file.truncate(max(0, file.tell() - left))


def _refused(what: str, path: Path, content: bytes, new: Kept) -> Outcome:
    if _fails(path, new):
        return Outcome(what, False, "" if path.read_bytes() == content else "the old file is gone")
    return Outcome(what, True, "" if same_kept(open_kept(path)[0], new) else "neither file is there")


def _saved(what: str, path: Path, new: Kept) -> Outcome:
    if _fails(path, new):
        return Outcome(what, False, "it cannot be saved")
    return Outcome(what, True, "" if same_kept(open_kept(path)[0], new) else "another file is there")


def _fails(path: Path, kept: Kept) -> bool:
    try:
        save_kept(path, kept)
    except SessionError:
        return True
    return False
