"""`rnnviz train` as it is typed, with what it prints, writes and returns."""

from __future__ import annotations

import csv
import math
import os
import re
import select
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from rnnviz import engine as e
from rnnviz.app import cli, train_command
from rnnviz.app.arguments import train_parser
from rnnviz.session import edits, presets
from rnnviz.session.files.kept import Kept
from rnnviz.session.learning import job_of
from rnnviz.session.state import equal
from rnnviz.session.training.job import batches

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.job import Job

ROOT = Path(__file__).resolve().parents[2]
FIRST = ["update", "loss", "tokens", "loss_per_token", "total_norm", "clipped"]
SAID = re.compile(r"(.*) in [\d,.]+ s: loss (\S+) -> (\S+) nats a token, where chance is (\S+)\n")


class Said(NamedTuple):
    """What the last line says."""

    count: str
    before: float
    after: float
    chance: float


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[[str], Said]:
    """Train as the words say, silently, and return what was said at the end."""

    def run(words: str) -> Said:
        assert cli.main(["train", *words.split(), "--quiet"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.isascii()  # any terminal can show it
        found = SAID.fullmatch(out)
        assert found is not None
        return Said(found[1], *map(float, found.groups()[1:]))

    return run


def rows(path: str) -> list[dict[str, str]]:
    with open(path, newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def write_text() -> None:
    """Write a file of 20 different characters in 30 lines, where each follows from the one before it."""
    line = "the quick brown fox jumps\n"
    Path("fox.txt").write_text(line * 30, encoding="utf-8")


def numbers(name: str) -> list[float]:
    return [float(row[name]) for row in rows("a.csv")]


def test_dogs_is_learnt_within_100_updates(run: Callable[[str], Said]) -> None:
    said = run("dogs --updates 100 --rate 0.1")
    assert said.count == "100 updates"
    assert said.before == pytest.approx(1.6012, abs=1e-3)
    assert said.after < 0.1
    assert said.chance == pytest.approx(math.log(4), abs=1e-3)


def test_the_losses_said_are_those_before_the_first_and_after_the_last_update(
    run: Callable[[str], Said],
) -> None:
    said = run("dogs --updates 7")
    run("dogs --updates 8 --csv a.csv")
    losses = numbers("loss_per_token")
    assert (said.before, said.after) == pytest.approx((losses[0], losses[7]), rel=1e-3)
    assert run("dogs --updates 1").count == "1 update"


@pytest.mark.parametrize("words", ["dogs --rate 0.5 --clip 1", "fox.txt --batch 3 --window 6 --seed 5"])
def test_the_table_holds_every_update_exactly(words: str, run: Callable[[str], Said]) -> None:
    write_text()
    run(f"{words} --updates 40 --csv a.csv")
    asked = train_command.Training(**vars(train_parser().parse_args([*words.split(), "--updates", "40"])))
    job = job_of(train_command._kept(asked).state)
    trained = e.train(
        job.spec, job.parameters, batches(job.task, 0), optimizer=job.optimizer, clip_norm=job.clip_norm
    )
    table = rows("a.csv")
    assert list(table[0]) == [*FIRST, *(f"norm_{name}" for name in job.parameters)]
    assert len(table) == 40
    for row, snapshot in zip(table, trained, strict=False):
        assert [int(row["update"]), int(row["clipped"])] == [snapshot.update, snapshot.clipped]
        assert [float(row[name]) for name in ("loss", "tokens", "total_norm")] == [
            snapshot.loss,
            snapshot.tokens,
            snapshot.total_norm,
        ]
        assert float(row["loss_per_token"]) == snapshot.loss / snapshot.tokens
        assert [float(row[f"norm_{name}"]) for name in job.parameters] == list(
            snapshot.gradient_norms.values()
        )


def test_the_gradient_is_clipped_where_the_table_says_so(run: Callable[[str], Said]) -> None:
    run("dogs --updates 60 --rate 0.5 --clip 0.5 --csv a.csv")
    longer = [norm > 0.5 for norm in numbers("total_norm")]
    assert numbers("clipped") == longer
    assert True in longer
    assert False in longer


def test_a_text_is_learnt_in_windows(run: Callable[[str], Said]) -> None:
    write_text()
    said = run("fox.txt --updates 300 --rate 0.05 --csv a.csv")
    assert set(numbers("tokens")) == {25.0}
    assert said.chance == pytest.approx(math.log(len(set("the quick brown fox jumps\n"))), rel=1e-3)
    assert said.after < 0.8 * said.before


def test_one_line_is_learnt_whole_unless_windows_are_asked_for(run: Callable[[str], Said]) -> None:
    Path("line.txt").write_text("the quick brown fox", encoding="utf-8")
    for words, tokens in (("", 18.0), ("--window 5", 5.0)):
        run(f"line.txt --updates 2 {words} --csv a.csv")
        assert set(numbers("tokens")) == {tokens}


def test_the_same_seed_gives_the_same_table_and_another_one_another(run: Callable[[str], Said]) -> None:
    write_text()
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        run(f"fox.txt --updates 20 --seed {seed} --csv {name}.csv")
    one, same, other = (Path(f"{name}.csv").read_bytes() for name in "abc")
    assert one == same != other


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("fox.txt --window 20", ""),
        ("fox.txt --window 100 --batch 16", "The text has 7 windows of 100 steps, fewer than a batch: .*"),
        ("fox.txt --window 1000", "The text has 778 steps, fewer than a window: .*"),
        ("dogs", ""),
    ],
)
def test_a_batch_larger_than_the_text_is_said(
    words: str, note: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_text()
    assert cli.main(["train", *words.split(), "--updates", "1"]) == 0
    assert re.fullmatch(f"rnnviz: {note}\n" if note else "", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "PRESET.FILE"),
        ("dogs", "--updates"),
        ("dosg --updates 1", "no preset or file “dosg”"),
        ("gone.txt --updates 1", "no preset or file “gone.txt”"),
        ("dogs --updates 0", "updates.*from 1.*“0”"),
        ("dogs --updates 1e3", "updates.*from 1.*“1e3”"),
        ("dogs --updates 1 --rate fast", "--rate.*“fast”"),
        ("dogs --updates 1 --rate 0", "rate must be above 0.*not 0"),
        ("dogs --updates 1 --rate nan", "rate.*nan"),
        ("dogs --updates 1 --rate 2e6", "rate.*at most 1,000,000"),
        ("dogs --updates 1 --clip -1", "clipped to a length above 0.*-1"),
        ("dogs --updates 1 --clip inf", "clipped.*inf"),
        ("dogs --updates 1 --batch 4", "dogs is one sequence.*leave out --batch"),
        ("dogs --updates 1 --seed 1 --window 4", "leave out --window and --seed"),
        ("fox.txt --updates 1 --batch 0", "batch has 1 to"),
        ("fox.txt --updates 1 --batch 2.5", "--batch.*whole number.*“2.5”"),
        ("fox.txt --updates 1 --window 1", "window has 2 to"),
        ("fox.txt --updates 1 --window 9999999999999999999", "--window"),
        ("fox.txt --updates 1 --seed -1", "seed must be from 0"),
        ("fox.txt --updates 1 --csv fox.txt", "fox.txt is the text to learn; give --csv another name"),
        ("dogs --updates 1 --csv nowhere/a.csv", "no folder nowhere"),
        ("dogs --updates 1 --csv folder", "folder is a folder"),
        ("dogs --updates 1 --colour", "--colour"),
        ("dogs --updates 1 --cell elman", "--cell.*“elman”.*rnn"),
        ("dogs --updates 1 --optimizer lion", "--optimizer.*“lion”.*sgd"),
        ("dogs --updates 1 --units 0", "1 to 256 units, not 0"),
        ("dogs --updates 1 --units many", "--units.*whole number"),
        ("dogs --updates 1 --layers 9", "1 to 4 layers, not 9"),
        ("dogs --updates 1 --cell feedforward --bidirectional", "Feed-forward cells have no direction"),
        ("dogs --updates 1 --encoding utf-8", "dogs is no text file; leave out --encoding"),
        ("fox.txt --updates 1 --encoding latin-9", "--encoding.*“latin-9”.*windows-1252"),
        ("one.txt --updates 1", "fewer than two characters"),
        ("empty.txt --updates 1", "empty.txt.*no text"),
        ("binary.txt --updates 1", "binary.txt.*not a text file"),
        ("folder --updates 1", "folder.*is a folder"),
    ],
)
def test_what_cannot_be_gets_one_sentence_and_exit_code_2(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_text()
    (tmp_path / "folder").mkdir()
    for name, content in (("one.txt", b"x"), ("empty.txt", b""), ("binary.txt", b"a\0b")):
        (tmp_path / name).write_bytes(content)
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    assert cli.main(["train", *words.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(f"rnnviz: .*{said}.*\n", err)
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_qt_that_cannot_load_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtCore", None)
    assert cli.main(["train", "dogs", "--updates", "1"]) == 2
    assert re.fullmatch("rnnviz: Qt cannot load .*\n", capsys.readouterr().err)


@pytest.fixture
def explosive(monkeypatch: pytest.MonkeyPatch) -> DocumentState:
    """Dogs with a layer that has no bounds, whatever source is named."""
    state = edits.with_activation(presets.load("dogs"), "identity")
    monkeypatch.setattr(train_command, "kept_of", lambda *_: Kept(state))
    return state


def bad_update(state: DocumentState) -> int:
    """Return the first update that finds something that is not finite."""
    job = job_of(edits.with_settings(state, rate=1e6))
    found = e.train(job.spec, job.parameters, batches(job.task, 0), optimizer=job.optimizer)
    return next(snapshot.update for snapshot in islice(found, 100) if snapshot.trouble)


def test_an_explosion_is_told_with_its_update_and_the_table_ends_with_it(
    explosive: DocumentState, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = bad_update(explosive)
    words = ["train", "dogs", "--updates", "1000", "--rate", "1e6", "--csv", "a.csv"]
    assert cli.main(words) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"rnnviz: Update {bad}: .+ (infinite|not a number)( at step \d)?; use .*\n", err)
    table = rows("a.csv")
    assert [int(row["update"]) for row in table] == list(range(1, bad + 1))
    assert not all(math.isfinite(float(value)) for value in table[-1].values())
    assert all(math.isfinite(float(value)) for row in table[:-1] for value in row.values())


def test_an_explosion_by_the_last_update_is_told(
    explosive: DocumentState, capsys: pytest.CaptureFixture[str]
) -> None:
    last = bad_update(explosive) - 1
    assert cli.main(["train", "dogs", "--updates", str(last), "--rate", "1e6"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"rnnviz: After update {last}: .*\n", err)


def interrupt(monkeypatch: pytest.MonkeyPatch, number: signal.Signals, update: int) -> None:
    """Send a signal to this process in the middle of an update."""
    step = e.Trainer.step

    def interrupted(trainer: e.Trainer, batch: e.Batch) -> e.Snapshot:
        if trainer.update == update - 1:
            signal.raise_signal(number)
        return step(trainer, batch)

    monkeypatch.setattr(e.Trainer, "step", interrupted)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_says_what_it_did_and_its_table_is_complete(
    number: signal.Signals, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt(monkeypatch, number, update=5)
    assert cli.main(["train", "dogs", "--updates", "1000", "--csv", "a.csv"]) == code
    out, err = capsys.readouterr()
    assert SAID.fullmatch(out)
    assert out.startswith("5 of 1,000 updates in ")
    assert err == ""
    assert numbers("update") == [1, 2, 3, 4, 5]
    assert Path("a.csv").read_text(encoding="ascii").endswith("\n")


def test_ctrl_c_at_the_last_update_takes_nothing_back(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[str], Said]
) -> None:
    interrupt(monkeypatch, signal.SIGINT, update=5)
    assert run("dogs --updates 5").count == "5 updates"


def test_a_second_ctrl_c_ends_it_at_once_and_leaves_the_old_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.csv").write_text("old", encoding="ascii")

    def twice(_trainer: e.Trainer, _batch: e.Batch) -> e.Snapshot:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("still running")

    monkeypatch.setattr(train_command, "_measured", lambda *_arguments: None)
    monkeypatch.setattr(e.Trainer, "step", twice)
    assert cli.main(["train", "dogs", "--updates", "5", "--csv", "a.csv"]) == 130
    assert capsys.readouterr() == ("", "")
    assert [path.name for path in Path().iterdir()] == ["a.csv"]
    assert Path("a.csv").read_text(encoding="ascii") == "old"


def test_a_full_disk_is_said_and_the_old_table_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    Path("a.csv").write_text("old", encoding="ascii")
    monkeypatch.setattr(os, "fsync", full)
    assert cli.main(["train", "dogs", "--updates", "5", "--csv", "a.csv"]) == 2
    assert re.fullmatch(
        r"rnnviz: a\.csv could not be written \(no space left on device\).*\n", capsys.readouterr().err
    )
    assert [path.name for path in Path().iterdir()] == ["a.csv"]
    assert Path("a.csv").read_text(encoding="ascii") == "old"


def test_too_little_memory_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_trainer: e.Trainer, _batch: e.Batch) -> e.Snapshot:
        raise MemoryError

    monkeypatch.setattr(e.Trainer, "step", fail)
    assert cli.main(["train", "dogs", "--updates", "5"]) == 2
    assert re.fullmatch("rnnviz: There is not enough memory.*--batch.*\n", capsys.readouterr().err)


def test_nothing_of_qt_that_draws_is_loaded() -> None:
    code = (
        "import sys; from rnnviz.app import cli; cli.main(['train', 'dogs', '--updates', '2', '--quiet']);"
        "print([name for name in sys.modules if name.startswith(('PySide6.', 'pyqtgraph'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(re.findall(r"PySide6\.Qt\w+|pyqtgraph", done.stdout))
    assert loaded == {"PySide6.QtCore"}


def read_until(terminal: int, words: bytes) -> bytes:
    """Return what comes from a terminal up to these words, or fail."""
    said = b""
    while words not in said:
        assert select.select([terminal], [], [], 60)[0], said
        said += os.read(terminal, 1000)
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_a_bar_is_shown_and_ctrl_c_stops() -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    code = "import os, sys; os.login_tty(0); from rnnviz.app.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["train", "dogs", "--updates", "1000000", "--csv", "a.csv"]
    with subprocess.Popen([sys.executable, "-c", code, *words], stdin=theirs, env=environment) as process:
        os.close(theirs)
        try:
            said = read_until(ours, b"updates (")
            os.write(ours, b"\x03")
            said += read_until(ours, b" nats a token")
            assert process.wait(60) == 130
        finally:
            process.kill()
            os.close(ours)
    assert "╌ " in said.decode()
    count = re.search(rb"\r([\d,]+) of 1,000,000 updates in", said)
    assert count is not None
    assert len(rows("a.csv")) == int(count[1].replace(b",", b""))


def test_readme_s_examples_of_training_are_understood() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\.venv/bin/rnnviz train (.*)$", readme, re.MULTILINE)
    assert examples
    for example in examples:
        assert train_parser().parse_args(example.split()).updates > 0


def test_settings_that_are_not_given_stay_as_the_document_has_them(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[str], Said]
) -> None:
    state = presets.load("dogs")
    slow = replace(state, settings=replace(state.settings, rate=1e-9))
    monkeypatch.setattr(train_command, "kept_of", lambda *_: Kept(slow))
    said = run("dogs --updates 5")
    assert said.before == said.after
    said = run("dogs --updates 5 --rate 0.1")
    assert said.before > said.after


@pytest.mark.parametrize("name", list(e.OPTIMIZERS))
def test_every_optimiser_can_be_asked_for_and_brings_its_rate(
    name: str, monkeypatch: pytest.MonkeyPatch, run: Callable[[str], Said]
) -> None:
    seen: list[e.Optimizer] = []

    def noted(state: DocumentState) -> Job:
        job = job_of(state)
        seen.append(job.optimizer)
        return job

    monkeypatch.setattr(train_command, "job_of", noted)
    said = run(f"dogs --updates 20 --optimizer {name}")
    assert said.after < said.before
    run(f"dogs --updates 1 --optimizer {name} --rate 0.25")
    assert seen == [e.OPTIMIZERS[name](), e.OPTIMIZERS[name](lr=0.25)]


@pytest.mark.parametrize("cell", list(e.CELLS))
def test_every_cell_can_be_asked_for(cell: str, run: Callable[[str], Said]) -> None:
    both = "--bidirectional" if e.CELLS[cell].recurrent else ""
    said = run(f"dogs --updates 60 --cell {cell} --units 6 --layers 2 --optimizer adam --rate 0.02 {both}")
    assert said.after < 0.9 * said.before


def test_the_network_asked_for_is_what_the_window_would_make() -> None:
    words = "dogs --updates 1 --cell rnn --units 5 --layers 3 --bidirectional"
    asked = train_command.Training(**vars(train_parser().parse_args(words.split())))
    wanted = edits.with_layers(edits.with_units(presets.load("dogs"), 5), 3)
    assert equal(train_command._kept(asked).state, edits.with_directions(wanted, True))


def test_a_text_in_an_old_encoding_can_be_named(run: Callable[[str], Said]) -> None:
    Path("menu.txt").write_bytes("café au lait\n".encode("windows-1252") * 30)
    said = run("menu.txt --updates 3 --encoding windows-1252")
    assert said.chance == pytest.approx(math.log(len(set("café au lait\n"))), rel=1e-3)
