"""The words that may follow `rnnviz` and `rnnviz render`, and their completion in a shell."""

from __future__ import annotations

import re
from argparse import Action, ArgumentError, ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import rnnviz
from rnnviz.app.errors import CommandError, listed
from rnnviz.app.sources import preset_names

SHELLS = ("bash", "tcsh", "zsh")

# What a shell offers for PRESET|FILE. A name with "_file" in it tells bash that its answers are files.
_BASH = """
_rnnviz_preset_or_file() { compgen -W "PRESETS" -- "$1"; compgen -f -- "$1"; }
"""
_ZSH = """
_rnnviz_preset_or_file() { _alternative 'presets:preset:(PRESETS)' 'files:file:_files' }
"""

# Where a subcommand may stand, zsh would offer nothing else.
_ZSH_FILES_TOO = """
functions[_rnnviz_words]=$functions[_shtab_rnnviz_commands]
_shtab_rnnviz_commands() { _rnnviz_words; _files }
"""


class Parser(ArgumentParser):
    """An ArgumentParser that says what is wrong in one sentence, without the usage."""

    def __init__(self, prog: str, usage: str | None = None, description: str = "", epilog: str = "") -> None:
        super().__init__(prog, usage, description, epilog, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise the sentence as CommandError."""
        raise CommandError(f"{message.removeprefix('argument ')} (see {self.prog} --help)")

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise ArgumentError(action, f"there is no “{value}”, only {listed(action.choices)}")


class _Store(Action):
    """Keep the value as it is; subclasses say in `complete` what a shell may offer for it."""

    def __call__(
        self, _parser: ArgumentParser, namespace: Namespace, values: Any, _option: str | None = None
    ) -> None:
        setattr(namespace, self.dest, values)


class StoreFile(_Store):
    """A file's name."""

    complete: ClassVar = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}


class StoreSource(_Store):
    """The name of a preset or of a file."""

    @property
    def complete(self) -> dict[str, str | dict[str, str]]:
        """What a shell calls, and the functions that it then needs."""
        names = " ".join(preset_names())
        functions = {"bash": _BASH.replace("PRESETS", names), "zsh": _ZSH.replace("PRESETS", names)}
        called = "_rnnviz_preset_or_file"
        return {"bash": called, "zsh": called, "tcsh": "f", "preamble": functions}


def window_parser() -> Parser:
    """Return the parser of `rnnviz [PRESET|FILE]`."""
    parser = Parser(
        "rnnviz",
        "rnnviz [PRESET|FILE]\n       rnnviz render PRESET|FILE (--panel NAME | --workspace NAME) -o OUT.png",
        "See inside a recurrent network: change a weight and everything that follows from it moves.",
        f"Presets: {listed(preset_names())}. `rnnviz render --help` tells how to draw without a window.",
    )
    parser.add_argument("source", nargs="?", metavar="PRESET|FILE", help="what to open (dogs if left out)")
    _add_general(parser)
    return parser


def render_parser() -> Parser:
    """Return the parser of `rnnviz render`."""
    parser = Parser("rnnviz render", description="Draw a picture into a file, without a display.")
    _add_render(parser)
    return parser


def completion(shell: str) -> str:
    """Return the script that completes `rnnviz` in a shell: "bash", "tcsh" or "zsh"."""
    import shtab  # 50 ms that only this needs

    parser = Parser("rnnviz")
    _add_general(parser)
    commands = parser.add_subparsers(parser_class=Parser)
    _add_render(commands.add_parser("render", help="draw a picture into a file"))
    for name in preset_names():
        commands.add_parser(name, help="open this preset")
    return shtab.complete(parser, shell, preamble=_ZSH_FILES_TOO if shell == "zsh" else "")


def _add_general(parser: Parser) -> None:
    parser.add_argument("--version", action="version", version=f"RNNViz {rnnviz.__version__}")
    parser.add_argument("--print-completion", choices=SHELLS, help="print a script that completes commands")


def _add_render(parser: Parser) -> None:
    from rnnviz.app.workspaces import WORKSPACES
    from rnnviz.figures.gallery import FIGURES
    from rnnviz.figures.theme import THEMES

    add = parser.add_argument
    add("source", action=StoreSource, metavar="PRESET|FILE", help=f"{listed(preset_names())}, or a text file")
    what = parser.add_mutually_exclusive_group(required=True)
    names = sorted(FIGURES)
    what.add_argument("--panel", choices=names, metavar="NAME", help=listed(names))
    what.add_argument(
        "--workspace", choices=sorted(WORKSPACES), metavar="NAME", help=listed(sorted(WORKSPACES))
    )
    add("--step", type=_step, metavar="N", help="where the playhead stands, counted from 1")
    add("--theme", choices=sorted(THEMES), default="light", help="light unless given")
    add("--size", type=_size, default=(1600, 1000), metavar="WIDTHxHEIGHT", help="1600x1000 unless given")
    add("--scale", type=_scale, default=1.0, metavar="N", help="how many dots a pixel has, 1 unless given")
    add("-o", "--output", type=Path, action=StoreFile, required=True, metavar="OUT.png", help="the file")


def _step(text: str) -> int:
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text):
        raise ArgumentTypeError(f"steps are whole numbers from 1, not “{text}”")
    return int(text)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text)
    if found is None:
        raise ArgumentTypeError(f"write WIDTHxHEIGHT in pixels, such as 1600x1000, not “{text}”")
    width, height = map(int, found.groups())
    if min(width, height) < 16:
        raise ArgumentTypeError(f"{width}x{height} is too small to draw on; the least is 16x16")
    return width, height


def _scale(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text) or not 0.5 <= float(text) <= 8:
        raise ArgumentTypeError(f"write a number from 0.5 to 8, not “{text}”")
    return float(text)
