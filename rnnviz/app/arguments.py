"""The words that may follow `rnnviz`, `rnnviz render` and `rnnviz train`, and their completion in a shell."""

from __future__ import annotations

import re
from argparse import SUPPRESS, Action, ArgumentError, ArgumentParser, ArgumentTypeError, Namespace
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import rnnviz
from rnnviz.app.errors import CommandError, listed
from rnnviz.app.sources import preset_names

SHELLS = ("bash", "tcsh", "zsh")
CODE = ("latex", "numpy", "pytorch")
"""The names of `rnnviz.export.WRITERS`, which cannot be asked here: Qt comes with them."""

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


class StoreFormat(_Store):
    """A size by name: keep its pixels, and its points if none are given."""

    def __call__(
        self, _parser: ArgumentParser, namespace: Namespace, values: Any, _option: str | None = None
    ) -> None:
        """Keep what the name stands for."""
        from rnnviz.figures.formats import FORMATS

        namespace.size = FORMATS[values].pixels
        if namespace.points is None:
            namespace.points = FORMATS[values].points


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
        "rnnviz [PRESET|FILE]\n"
        "       rnnviz render PRESET|FILE (--panel NAME | --workspace NAME | --code NAME) -o OUT.png\n"
        "       rnnviz train PRESET|FILE --updates N [-o OUT.rnnviz] [--csv LOSSES.csv]",
        "See inside a recurrent network: change a weight and everything that follows from it moves.",
        f"Presets: {listed(preset_names())}. "
        "`rnnviz render --help` and `rnnviz train --help` tell how to draw and to train without a window.",
    )
    parser.add_argument("source", nargs="?", metavar="PRESET|FILE", help="what to open (dogs if left out)")
    _add_general(parser)
    return parser


def render_parser() -> Parser:
    """Return the parser of `rnnviz render`."""
    parser = Parser("rnnviz render", description="Draw a picture into a file, without a display.")
    _add_render(parser)
    return parser


def train_parser() -> Parser:
    """Return the parser of `rnnviz train`."""
    parser = Parser(
        "rnnviz train",
        description="Train a network without a window, on a preset's sequence or on windows of a text.",
        epilog="Ctrl+C stops after the present update: files are complete up to it, the exit code is 130. "
        "It is 1 if a number is no longer finite, and 2 if training is not possible as asked for.",
    )
    _add_train(parser)
    return parser


def completion(shell: str) -> str:
    """Return the script that completes `rnnviz` in a shell: "bash", "tcsh" or "zsh"."""
    import shtab  # 50 ms that only this needs

    parser = Parser("rnnviz")
    _add_general(parser)
    commands = parser.add_subparsers(parser_class=Parser)
    _add_render(commands.add_parser("render", help="draw a picture into a file"))
    _add_train(commands.add_parser("train", help="train without a window"))
    for name in preset_names():
        commands.add_parser(name, help="open this preset")
    return shtab.complete(parser, shell, preamble=_ZSH_FILES_TOO if shell == "zsh" else "")


def _add_general(parser: Parser) -> None:
    parser.add_argument("--version", action="version", version=f"RNNViz {rnnviz.__version__}")
    parser.add_argument("--print-completion", choices=SHELLS, help="print a script that completes commands")


def _add_render(parser: Parser) -> None:
    from rnnviz.app.workspaces import WORKSPACES
    from rnnviz.figures.formats import FORMATS
    from rnnviz.figures.gallery import FIGURES
    from rnnviz.figures.symbols import NOTATIONS
    from rnnviz.figures.theme import THEMES

    add = parser.add_argument
    _add_source(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    names = sorted(FIGURES)
    what.add_argument("--panel", choices=names, metavar="NAME", help=listed(names))
    what.add_argument(
        "--workspace", choices=sorted(WORKSPACES), metavar="NAME", help=listed(sorted(WORKSPACES))
    )
    add("--step", type=_step, metavar="N", help="where the playhead stands, counted from 1")
    notations = tuple(NOTATIONS)
    meaning = listed(f"{name} ({NOTATIONS[name]})" for name in notations)
    add(
        "--notation",
        choices=notations,
        metavar="NAME",
        help=f"{meaning}, that of the file or weights unless given",
    )
    what.add_argument(
        "--code",
        choices=CODE,
        metavar="NAME",
        help="the network as a program, or the equations of a step as a document: " + listed(CODE),
    )
    add("--theme", choices=sorted(THEMES), default="light", help="light unless given")
    add("--transparent", action="store_true", help="leave out the ground of a picture")
    add("--size", type=_size, default=(1600, 1000), metavar="WIDTHxHEIGHT", help="1600x1000 unless given")
    add(
        "--format",
        action=StoreFormat,
        choices=tuple(FORMATS),
        default=SUPPRESS,
        metavar="NAME",
        help=_formats(),
    )
    add("--points", type=_points, metavar="P", help="the size of letters, 9 (as in the window) unless given")
    add("--scale", type=_scale, default=1.0, metavar="N", help="how many dots a pixel has, 1 unless given")
    add("-o", "--output", type=Path, action=StoreFile, required=True, metavar="OUT.png", help="the file")
    _add_film(parser)


def _formats() -> str:
    """Say which sizes have names, and how large their letters are."""
    from rnnviz.figures.formats import FORMATS

    return "a size with letters that suit it: " + listed(
        f"{name} ({form.title}, {form.points:g} points)" for name, form in FORMATS.items()
    )


def _add_film(parser: Parser) -> None:
    add = parser.add_argument_group("animations").add_argument
    add("--fps", type=_rate, metavar="F", help="frames a second, 4 of steps and 15 of updates unless given")
    add("--train", type=_updates, metavar="N", help="show N updates of training, not the steps 1 to T")
    add("--every", type=_updates, metavar="N", help="a frame every N updates, 120 frames unless given")
    add("--slow", action="store_true", help="show the stages of each step")


def _add_train(parser: Parser) -> None:
    from rnnviz.session.settings import TrainingSettings
    from rnnviz.session.textfiles import ENCODINGS

    usual = TrainingSettings()
    add = parser.add_argument
    _add_source(parser)
    encodings = [name for name, _ in ENCODINGS]
    add("--updates", type=_updates, required=True, metavar="N", help="how many updates to make")
    add(
        "--encoding",
        choices=encodings,
        metavar="NAME",
        help=f"of a text file: {listed(encodings)}, Unicode unless given",
    )
    _add_network(parser)
    _add_optimizer(parser, usual.optimizer)
    add("--clip", type=_number, metavar="C", help="the longest gradient, any length unless given")
    add(
        "--batch",
        type=_whole,
        metavar="B",
        help=f"windows of a text in an update, {usual.batch} unless given",
    )
    add("--window", type=_whole, metavar="W", help=f"steps in a window, {usual.window} unless given")
    add("--seed", type=_whole, metavar="S", help=f"picks the order of windows, {usual.seed} unless given")
    add("--csv", type=Path, action=StoreFile, metavar="LOSSES.csv", help="write a table, a line an update")
    add("-o", "--output", type=Path, action=StoreFile, metavar="OUT.rnnviz", help="keep what was learnt")
    add("--quiet", action="store_true", help="show no progress, only what came of it")


def _add_network(parser: Parser) -> None:
    from rnnviz.engine import CELLS

    add = parser.add_argument
    add("--cell", choices=sorted(CELLS), metavar="NAME", help=f"{listed(sorted(CELLS))}, rnn unless given")
    add(
        "--units",
        type=_whole,
        metavar="H",
        help="how many units a layer has, those of the source unless given",
    )
    add("--layers", type=_whole, metavar="L", help="how many layers there are, one unless given")
    add(
        "--bidirectional",
        action="store_true",
        help="let every layer also run from the last step to the first",
    )


def _add_optimizer(parser: Parser, usual: str) -> None:
    from rnnviz.engine import OPTIMIZERS
    from rnnviz.session.settings import usual_rate

    add = parser.add_argument
    names = sorted(OPTIMIZERS)
    rates = listed(f"{usual_rate(name):g} of {name}" for name in names)
    add("--optimizer", choices=names, metavar="NAME", help=f"{listed(names)}, {usual} unless given")
    add(
        "--rate",
        type=_number,
        metavar="R",
        help=f"the learning rate, that of the optimiser unless given: {rates}",
    )


def _add_source(parser: Parser) -> None:
    what = f"{listed(preset_names())}, or a file: one of RNNViz (.rnnviz), or a text"
    parser.add_argument("source", action=StoreSource, metavar="PRESET|FILE", help=what)


def _step(text: str) -> int:
    return _from_one(text, "steps")


def _updates(text: str) -> int:
    return _from_one(text, "updates")


def _from_one(text: str, things: str) -> int:
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text):
        raise ArgumentTypeError(f"{things} are whole numbers from 1, not “{text}”")
    return int(text)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", text):
        raise ArgumentTypeError(f"write a whole number, not “{text}”")
    return int(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"write a number such as 0.1, not “{text}”") from None


def _rate(text: str) -> Fraction:
    # Many programs show a GIF that is faster at a tenth of its speed.
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text) or not Fraction(1, 10) <= Fraction(text) <= 50:
        raise ArgumentTypeError(f"write a number from 0.1 to 50, not “{text}”")
    return Fraction(text)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text)
    if found is None:
        raise ArgumentTypeError(f"write WIDTHxHEIGHT in pixels, such as 1600x1000, not “{text}”")
    width, height = map(int, found.groups())
    if min(width, height) < 16:
        raise ArgumentTypeError(f"{width}x{height} is too small to draw on; the least is 16x16")
    return width, height


def _points(text: str) -> float:
    if not re.fullmatch(r"\d{1,2}(\.\d+)?", text) or not 3 <= float(text) <= 72:
        raise ArgumentTypeError(f"write a number from 3 to 72, not “{text}”")
    return float(text)


def _scale(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text) or not 0.5 <= float(text) <= 8:
        raise ArgumentTypeError(f"write a number from 0.5 to 8, not “{text}”")
    return float(text)
