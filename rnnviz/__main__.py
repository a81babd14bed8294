"""`python -m rnnviz`: the same as the command `rnnviz`."""

from __future__ import annotations

import sys

from rnnviz.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
