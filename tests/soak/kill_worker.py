"""Kill the training process again and again, at random moments, and see whether anybody would notice.

Usage: python tests/soak/kill_worker.py [--kills N] [--seed N] [--json]. Half of the kills are SIGKILL, half
SIGSTOP; before each a weight is edited, and every fifth hits a process that is still starting. Exits with 1
if the user was told later than after a second, if training went on later than after two, if losses afterwards
differ from those of a run that was not interrupted, if an edit was lost, or if a process was left over. Needs
Linux.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def soak(kills: int, seed: int) -> dict[str, float]:
    """Return counts of what went wrong and the worst times, in seconds."""
    import signal

    from killing import Killer
    from PySide6.QtCore import QCoreApplication

    application = QCoreApplication.instance() or QCoreApplication([])
    killer = Killer(seed)
    killer.start()
    ways = (signal.SIGKILL, signal.SIGSTOP)
    recoveries = [killer.kill(ways[turn % 2], newborn=turn % 5 == 4) for turn in range(kills)]
    left_over = killer.stop()
    del application
    return {
        "kills": kills,
        "worst_told_s": max(recovery.told for recovery in recoveries),
        "worst_learning_s": max(recovery.learning for recovery in recoveries),
        "different_losses": sum(not recovery.is_same for recovery in recoveries),
        "lost_edits": sum(not recovery.has_edit for recovery in recoveries),
        "left_over_processes": left_over,
        "updates": killer.run.history.last,
    }


def is_good(result: dict[str, float]) -> bool:
    """Whether nobody would have noticed more than a sentence and a short pause."""
    mistakes = ("different_losses", "lost_edits", "left_over_processes")
    return (
        result["worst_told_s"] <= 1.0
        and result["worst_learning_s"] <= 2.0
        and not any(result[mistake] for mistake in mistakes)
    )


def main() -> int:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    result = soak(asked.kills, asked.seed)
    if asked.json:
        print(json.dumps({name: round(value, 3) for name, value in result.items()}))
    else:
        for name, value in result.items():
            print(f"{name.replace('_', ' '):<22} {value:>10,.3f}".removesuffix(".000"))
    return 0 if is_good(result) else 1


# Guarded, since the training process imports this file, too.
if __name__ == "__main__":
    sys.exit(main())
