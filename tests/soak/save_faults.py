"""Save while everything fails that can, and see whether the old or the new file is there, whole.

Usage: python tests/soak/save_faults.py [--every N] [--moments N] [--seed N]. At each system call of a save,
or at every N-th, the process is killed, and the call is refused for lack of space, a broken, a read-only and
a vanished disk; then processes are killed at random moments; then the disk itself is full, read-only and
gone. After each the file is read, compared and saved again. Exits with 1 if a file was neither, if nobody was
told of a failure, or if a save afterwards fails; with 3 if nothing can be traced here. Needs Linux and
strace, and root to mount a small disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from keeping import random_kept
from savefaults import WAYS, Faults, NotTraceableError, Outcome, on_disks

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_TRACEABLE = 3  # exit code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="only at every n-th call")
    parser.add_argument("--moments", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, disk = Path(name) / "folder", Path(name) / "disk"
        folder.mkdir()
        disk.mkdir()
        try:
            faults = Faults(folder, asked.seed)
        except (NotTraceableError, FileNotFoundError):
            print("no process can be traced here: install strace")
            return NOT_TRACEABLE
        print(f"a save makes {len(faults.calls)} system calls of {len(set(faults.calls))} kinds")
        by_way: dict[str, list[Outcome]] = {way: [] for way in WAYS}
        for outcome in faults.at_calls(asked.every):
            by_way[outcome.what.split()[0]].append(outcome)
        good = [told(f"{way} at a call", outcomes) for way, outcomes in by_way.items()]
        good.append(told("killed at a moment", faults.at_moments(asked.moments, asked.seed)))
        good.append(told("on a bad disk", on_disks(disk, random_kept(1), random_kept(2))))
    return 0 if all(good) else 1


def told(what: str, outcomes: Iterable[Outcome]) -> bool:
    """Print how many saves there were and what is on the disk; return whether all was well."""
    found = list(outcomes)
    counts = Counter("new" if outcome.is_new else "old" for outcome in found)
    broken = [outcome for outcome in found if outcome.broken]
    print(f"{what:<22}{len(found):>5} saves: {counts['old']:>4} old, {counts['new']:>4} new", end="")
    print(f", {len(broken)} broken")
    for outcome in broken[:5]:
        print(f"  {outcome.what}: {outcome.broken}")
    return not broken


if __name__ == "__main__":
    sys.exit(main())
