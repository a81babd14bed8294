"""The command `rnnviz`: open the window, or draw or train without one.

This module is what the command imports, and what every child process of Python's multiprocessing imports
again; so it loads neither Qt nor NumPy before it knows what is asked.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rnnviz.app.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words ask (those of the command line by default) and return the exit code.

    0: done. 1: training went wrong (see `train_command`). 2: it cannot be done, and one sentence on standard
    error says why. 130: Ctrl+C.
    """
    if getattr(sys, "frozen", False):  # a program packed into one file is also its own child processes
        from multiprocessing import freeze_support

        freeze_support()
    try:
        return _obey(list(sys.argv[1:] if words is None else words))
    except CommandError as error:
        print(f"rnnviz: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _obey(words: list[str]) -> int:
    for library in ("OPENBLAS", "MKL", "OMP"):  # else NumPy starts threads that `limit_threads` then stops
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if words[:1] == ["render"]:
        return _render(words[1:])
    if words[:1] == ["train"]:
        return _train(words[1:])
    if len(words) > 1 or any(word.startswith("-") for word in words):
        return _parse(words)
    return _open(*words)


def _parse(words: list[str]) -> int:
    """Obey options; a bare name goes without argparse, which the window's first frame would wait for."""
    from rnnviz.app.arguments import completion, window_parser

    asked = window_parser().parse_args(words)
    if asked.print_completion is None:
        return _open(asked.source)
    print(completion(asked.print_completion))
    return 0


def _open(source: str | None = None) -> int:
    if source is not None:
        from rnnviz.app.sources import check

        check(source)
    _require_display()
    from rnnviz.app.run import run

    return run(source)


def _render(words: list[str]) -> int:
    from rnnviz.app.arguments import render_parser
    from rnnviz.app.sources import check

    asked = render_parser().parse_args(words)
    check(asked.source)
    os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or "offscreen"
    _require_display()
    from rnnviz.app.render import Picture, render

    render(Picture(**vars(asked)))
    return 0


def _train(words: list[str]) -> int:
    from rnnviz.app.arguments import train_parser
    from rnnviz.app.sources import check

    asked = train_parser().parse_args(words)
    check(asked.source)
    _require_qt()
    from rnnviz.app.train_command import Training, train

    return train(Training(**vars(asked)))


def _require_qt() -> None:
    """Refuse to go on without the part of Qt that needs no display."""
    from importlib import import_module

    from rnnviz.app.display import explain_import

    try:
        import_module("PySide6.QtCore")
    except ImportError as error:
        raise CommandError(explain_import(str(error))) from error


def _require_display() -> None:
    from rnnviz.app.display import problem

    if sentence := problem():
        raise CommandError(sentence)
