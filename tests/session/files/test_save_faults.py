"""The short form of `tests/soak/save_faults.py`: saves that fail at system calls and at random moments."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[2] / "soak" / "save_faults.py"
NOT_TRACEABLE = 3


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_whatever_fails_the_old_or_the_new_file_is_there_whole() -> None:
    words = [sys.executable, str(SOAK), "--every", "2", "--moments", "30"]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode == NOT_TRACEABLE:
        pytest.skip("this machine does not let a process be traced")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" 0 broken") == 7
