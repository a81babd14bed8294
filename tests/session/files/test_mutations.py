"""The short form of `tests/soak/mutate_files.py`: files that are almost documents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[2] / "soak" / "mutate_files.py"


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory and forks")
def test_files_that_are_almost_documents_are_opened_or_refused_in_a_sentence() -> None:
    words = [sys.executable, str(SOAK), "--files", "2000"]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2,000 files" in done.stdout
