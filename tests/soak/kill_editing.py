"""Kill a window in which somebody edits, again and again, and see what the next start would offer.

Usage: python tests/soak/kill_editing.py [--kills N] [--closes N] [--recoveries N] [--seed N]. Exits with 1 if
more than a second of edits was lost, if what was offered was never in the window, if anything was offered
after a window was closed as one should, by Save or by Discard, or if a second crash, while a first one was
being recovered, lost anything.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from editing import GRACE, close_while_editing, kill_while_editing, recover_and_kill


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--closes", type=int, default=50)
    parser.add_argument("--recoveries", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = [
            kills(folder, asked.kills, asked.seed),
            closes(folder, asked.closes, asked.seed),
            recoveries(folder, asked.recoveries, asked.seed),
        ]
    return 0 if all(good) else 1


def kills(folder: Path, count: int, seed: int) -> bool:
    """Kill while edits are made; say how many were made and how much was lost."""
    found = [kill_while_editing(folder, seed + n) for n in range(count)]
    worst = max((killed.seconds for killed in found), default=0.0)
    wrong = [killed.wrong for killed in found if killed.wrong]
    edits = sum(killed.edits for killed in found)
    print(f"{count} kills in {edits:,} edits: at most {worst:.2f} s lost, {len(wrong)} wrong {wrong[:3]}")
    return not wrong and worst <= GRACE


def closes(folder: Path, count: int, seed: int) -> bool:
    """Close windows as one should; say what was offered afterwards."""
    offered = [found for n in range(count) if (found := close_while_editing(folder, seed + n))]
    print(f"{count} windows closed: {len(offered)} false offers {offered[:3]}")
    return not offered


def recoveries(folder: Path, count: int, seed: int) -> bool:
    """Crash while a crash is being recovered; say what was lost."""
    lost = [found for n in range(count) if (found := recover_and_kill(folder, seed + n))]
    print(f"{count} crashes during recovery: {len(lost)} lost anything {lost[:3]}")
    return not lost


if __name__ == "__main__":
    sys.exit(main())
