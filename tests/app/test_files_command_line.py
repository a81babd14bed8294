"""Every command of the command line takes a document, and training writes one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from rnnviz.app import cli
from rnnviz.session import edits, presets
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.schema import View
from rnnviz.session.files.stored import open_kept, save_kept
from rnnviz.session.state import same_parameters

OUT = Path("out.rnnviz")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(words: str) -> int:
    return cli.main(words.split())


def refusal(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rnnviz: ")
    assert err.count("\n") == 1
    return err


def test_what_was_learnt_is_kept_as_the_window_would_save_it() -> None:
    assert run("train dogs --updates 40 --quiet -o out.rnnviz") == 0
    kept, _ = open_kept(OUT)
    state, dogs = kept.state, presets.load("dogs")
    assert state.updates == 40
    assert same_parameters(state.origin, dogs.parameters)
    assert not same_parameters(state.parameters, dogs.parameters)
    assert kept.record is not None
    assert (kept.record.first, kept.record.last) == (1, 40)
    assert kept.record.losses[-1] < kept.record.losses[0]


def test_training_goes_on_where_it_was_kept() -> None:
    run("train dogs --updates 30 --quiet -o whole.rnnviz")
    run("train dogs --updates 10 --quiet -o out.rnnviz")
    run("train out.rnnviz --updates 20 --quiet -o out.rnnviz")
    whole, parts = open_kept(Path("whole.rnnviz"))[0], open_kept(OUT)[0]
    assert same_parameters(parts.state.parameters, whole.state.parameters)
    assert same_parameters(parts.state.origin, whole.state.origin)
    assert whole.record is not None
    assert parts.record is not None
    assert np.array_equal(parts.record.table, whole.record.table)


def test_training_on_a_text_goes_on_with_the_next_batch() -> None:
    Path("a.txt").write_text("the quick brown fox jumps over the lazy dog\n" * 20, encoding="utf-8")
    settings = "--updates {} --batch 3 --window 6 --seed 5 --quiet -o {}"
    run("train a.txt " + settings.format(30, "whole.rnnviz"))
    run("train a.txt " + settings.format(10, "out.rnnviz"))
    run("train out.rnnviz --updates 20 --quiet -o out.rnnviz")
    whole, parts = open_kept(Path("whole.rnnviz"))[0], open_kept(OUT)[0]
    assert same_parameters(parts.state.parameters, whole.state.parameters)


def test_an_explosion_is_kept_up_to_the_last_finite_weights(capsys: pytest.CaptureFixture[str]) -> None:
    save_kept(OUT, Kept(edits.with_activation(presets.load("dogs"), "identity")))
    assert run("train out.rnnviz --updates 100 --rate 1000000 --quiet -o out.rnnviz") == 1
    assert "infinite" in capsys.readouterr().err
    kept = open_kept(OUT)[0]
    assert np.isfinite(kept.state.parameters.flat).all()
    assert kept.record is not None
    assert kept.record.last == kept.state.updates > 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_what_was_learnt_until_ctrl_c_is_kept() -> None:
    words = [
        sys.executable,
        "-m",
        "rnnviz",
        "train",
        "dogs",
        "--updates",
        "99999999",
        "-o",
        str(OUT),
        "--csv",
        "a",
    ]
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=os.environ, text=True) as process:
        while not list(Path().glob(".a.*")):  # the table is begun when the training is
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    kept = open_kept(OUT)[0]
    assert kept.record is not None
    assert (
        kept.record.last == kept.state.updates == len(Path("a").read_text(encoding="utf-8").splitlines()) - 1
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train dogs --updates 1 -o out.csv", r"must end in \.rnnviz"),
        ("train dogs --updates 1 -o no/out.rnnviz", "There is no folder no"),
        ("train dogs --updates 1 -o folder.rnnviz", "is a folder"),
        ("train bad.rnnviz --updates 1", "bad.rnnviz.*no file of RNNViz"),
        ("render bad.rnnviz --panel network -o a.png", "bad.rnnviz.*no file of RNNViz"),
        ("train bad.rnnviz --updates 1 --encoding utf-8", "no text file; leave out --encoding"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("folder.rnnviz").mkdir()
    Path("bad.rnnviz").write_bytes(b"bad")
    assert re.search(said, refusal(words, capsys))
    assert sorted(path.name for path in Path().iterdir()) == ["bad.rnnviz", "folder.rnnviz"]


def test_a_document_is_drawn_at_the_place_where_it_was_saved() -> None:
    kept = Kept(edits.with_text(presets.load("dogs"), "dogsdogs"), view=View(step=4, notation="letters"))
    save_kept(OUT, kept)
    pictures = []
    for more in ("", "--step 5 --notation letters", "--step 2", "--notation weights"):
        assert run(f"render out.rnnviz --panel equations -o a.png --size 600x500 {more}") == 0
        pictures.append(QImage("a.png"))
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]
    assert pictures[0] != pictures[3]


def test_the_curves_of_a_document_are_drawn_without_a_window() -> None:
    run("train dogs --updates 40 --quiet -o out.rnnviz")
    assert run("render out.rnnviz --panel training -o a.png --size 600x300") == 0
    save_kept(OUT, replace(open_kept(OUT)[0], record=None))
    assert run("render out.rnnviz --panel training -o b.png --size 600x300") == 0
    assert QImage("a.png") != QImage("b.png")


def test_a_document_by_another_name_is_recognised() -> None:
    save_kept(OUT, Kept(edits.with_text(presets.load("dogs"), "gods")))
    OUT.rename("attachment")
    assert run("train attachment --updates 1 --quiet -o out.rnnviz") == 0
    assert open_kept(OUT)[0].state.text == "gods"
