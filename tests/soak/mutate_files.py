"""Open files that are almost documents, and see whether each is opened or refused in a sentence.

Usage: python tests/soak/mutate_files.py [--files N] [--seed N]. Each is one to six changes away from a
document: sizes, types, headers, nesting, Unicode, bombs. Exits with 1 if one raised anything but a sentence,
took longer than a second, let the memory grow by more than 256 MB, touched a file, ran a command, or was
opened as something that cannot be saved and opened again, or be shown. The offender is kept as
mutated.rnnviz.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from keeping import same_kept
from mutations import Mutator, bases

from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.looking import show
from rnnviz.session.files.reading import read_kept
from rnnviz.session.files.writing import content_of
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from rnnviz.session.files.kept import Kept

SECONDS, BYTES = 1.0, 256 << 20
SHOWN = 20  # one opened file in so many is also shown

_TOUCHES = ("os.", "subprocess.", "shutil.", "socket.", "pickle.", "ctypes.", "tempfile.")


class Watch:
    """Notes whatever the program does beyond computing, while it is on."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if self.is_on and (event == "open" or event.startswith(_TOUCHES)):
            self.seen.append(f"{event} {args}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    mutator, counts = Mutator(asked.seed), Counter[str]()
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    # Opened in a process of its own, so that the memory measured is not what making files takes.
    opener = multiprocessing.get_context("fork").Process(target=open_all, args=(theirs,), daemon=True)
    opener.start()
    theirs.close()
    slowest, most = 0.0, 0
    for n in range(asked.files):
        content = mutator.next()
        ours.send_bytes(content)
        try:
            is_open, seconds, grown, wrong = ours.recv()
        except EOFError:
            wrong = "ended the program"
        if wrong:
            Path("mutated.rnnviz").write_bytes(content)
            print(f"file {n} of seed {asked.seed}: {wrong}")
            return 1
        slowest, most = max(slowest, seconds), max(most, grown)
        counts["opened" if is_open else "refused"] += 1
    print(f"{asked.files:,} files: {counts['opened']:,} opened, {counts['refused']:,} refused in a sentence")
    print(f"slowest {slowest:.3f} s, memory grew by {most >> 20} MB at most")
    return 0


def open_all(pipe: Connection) -> None:
    """Open what comes, and say whether that was possible, how long it took, and what was wrong."""
    warm_up()
    watch, before, count = Watch(), peak(), 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        while True:
            try:
                content = pipe.recv_bytes()
            except EOFError:
                break
            started = time.perf_counter()
            watch.is_on = True
            said, kept = outcome(content)
            watch.is_on = False
            seconds, grown = time.perf_counter() - started, peak() - before
            wrong = said if said.startswith("raised") else problem(kept, count)
            if seconds > SECONDS or grown > BYTES:
                wrong = f"took {seconds:.2f} s and {grown >> 20} MB"
            if watch.seen or any(Path().iterdir()):
                wrong = f"touched something: {watch.seen[:3]}"
            pipe.send((kept is not None, seconds, grown, wrong))
            count += 1
        os.chdir("/")


def warm_up() -> None:
    """Load all there is to load before anything is measured."""
    for content in bases():
        show(Session((kept := read_kept(BytesIO(content))).state), kept)


def peak() -> int:
    """Return the most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def outcome(content: bytes) -> tuple[str, Kept | None]:
    """Open a file; return what was said, and what it holds if it can be opened."""
    try:
        return "", read_kept(BytesIO(content))
    except DocumentFileError as error:
        said = str(error)
        return said if said.isprintable() and len(said) < 2000 else f"raised noise {said[:200]!r}", None
    except Exception as error:  # noqa: BLE001 — that is what is looked for
        return f"raised {type(error).__name__}: {error}", None


def problem(kept: Kept | None, n: int) -> str:
    """Return what is wrong with what was opened, or nothing."""
    if kept is None:
        return ""
    if not same_kept(read_kept(BytesIO(content_of(kept))), kept):
        return "is another document when it has been saved"
    if n % SHOWN == 0:
        show(Session(kept.state), kept)
    return ""


if __name__ == "__main__":
    sys.exit(main())
