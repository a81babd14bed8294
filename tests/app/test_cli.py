from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import rnnviz
from rnnviz.app import cli
from rnnviz.app.arguments import SHELLS, completion
from rnnviz.app.errors import listed
from rnnviz.app.sources import kept_of, preset_names
from rnnviz.figures.gallery import FIGURES
from rnnviz.session import presets

if TYPE_CHECKING:
    from pathlib import Path

RENDER = ("render", "dogs", "--panel", "weights", "-o", "out.png")


def test_the_entry_modules_load_neither_qt_nor_numpy() -> None:
    code = (
        "import sys, rnnviz.__main__, rnnviz.app.cli;"
        "print([m for m in ('PySide6', 'shiboken6', 'numpy', 'pyqtgraph') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dosg"], "no preset or file “dosg”.*dogs, explode, .*shepherd-lstm and vanish"),
        (["no/such.txt"], "no preset or file “no/such.txt”"),
        (["dogs", "more"], "more"),
        (["--colour"], "--colour"),
        (["--print-completion", "abacus"], "abacus.*bash"),
        (["render"], "PRESET.FILE"),
        (["render", "dogs", "-o", "out.png"], "--panel.*--workspace"),
        ([*RENDER, "--workspace", "explore"], "--workspace.*--panel"),
        (["render", "dosg", *RENDER[2:]], "no preset or file “dosg”"),
        (["render", "dogs", "--panel", "wieghts", "-o", "out.png"], "“wieghts”.*network.*weights"),
        (["render", "dogs", "--workspace", "office", "-o", "out.png"], "“office”.*explore"),
        (["render", "dogs", "--panel", "weights"], "--output"),
        ([*RENDER, "--step", "0"], "--step.*from 1.*“0”"),
        ([*RENDER, "--step", "two"], "--step.*“two”"),
        ([*RENDER, "--step", "4"], "no step 4.*dogs has 3"),
        ([*RENDER, "--theme", "neon"], "“neon”.*dark, light and projector"),
        ([*RENDER, "--size", "1600"], "--size.*WIDTHxHEIGHT.*“1600”"),
        ([*RENDER, "--size", "-5x5"], "--size"),
        ([*RENDER, "--size", "9x900"], "--size.*16x16"),
        ([*RENDER, "--size", "90000x90000"], "90000x90000.*too large"),
        ([*RENDER, "--size", "8000x8000", "--scale", "2"], "8000x8000 at scale 2 is too large"),
        ([*RENDER, "--scale", "99"], "--scale.*0.5 to 8.*“99”"),
        ([*RENDER, "--scale", "nan"], "--scale.*“nan”"),
        ([*RENDER[:-1], "out.jpg"], "out.jpg must end in .png"),
        ([*RENDER[:-1], "out"], "out must end in .png"),
        ([*RENDER[:-1], "nowhere/out.png"], "no folder nowhere"),
        ([*RENDER[:-1], "folder.png"], "folder.png is a folder"),
        (["render", "bytes.txt", *RENDER[2:]], "bytes.txt"),
        (["render", "folder.png", *RENDER[2:]], "folder.png"),
        (["render", "blank.txt", *RENDER[2:]], "blank.txt.*no text"),
    ],
)
def test_bad_arguments_get_one_sentence_and_exit_code_2(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "blank.txt").touch()
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(f"rnnviz: .*{said}.*\n", err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blank.txt", "bytes.txt", "folder.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--version"], rf"^RNNViz {re.escape(rnnviz.__version__)}\n$"),
        (["--help"], r"dogs, explode, (?s:.*)vanish"),
        (["render", "--help"], "--workspace"),
        (["train", "--help"], "--updates"),
    ],
)
def test_asking_for_help_gets_it(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(words)
    out, err = capsys.readouterr()
    assert leaving.value.code == 0
    assert re.search(said, out)
    assert out.isascii()  # any terminal can show it
    assert err == ""


def test_the_presets_on_offer_are_those_that_load() -> None:
    assert sorted(preset_names()) == sorted(presets.names())


def test_a_text_file_becomes_a_sequence(tmp_path: Path) -> None:
    file = tmp_path / "greeting.txt"
    file.write_text("hello\nworld\n", encoding="utf-8")
    state = kept_of(str(file)).state
    assert state.text == "hello"
    assert set("helloworld") <= set(state.vocabulary.tokens)


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_knows_presets_panels_and_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--print-completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in (*preset_names(), *FIGURES, "render", "projector", "train"))
    assert "workspace" in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("rnnviz ", {"render", "train", *preset_names()}),
        ("rnnviz render dogs --panel gradient-", {"gradient-column", "gradient-flow", "gradient-profile"}),
        ("rnnviz render dogs --theme p", {"projector"}),
        ("rnnviz render dogs --panel weights -o no", {"notes.txt"}),
        ("rnnviz train dogs --c", {"--clip", "--csv"}),
        ("rnnviz train dogs --csv no", {"notes.txt"}),
        ("rnnviz render ", {"notes.txt", *preset_names()}),
        ("rnnviz render no", {"notes.txt"}),
    ],
)
def test_bash_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "completion").write_text(completion("bash"), encoding="utf-8")
    ask = (
        "source ./completion; COMP_LINE=$1; COMP_WORDS=($1); [[ $1 == *' ' ]] && COMP_WORDS+=('');"
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _shtab_rnnviz; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        ["bash", "-c", ask, "bash", line],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert offered <= set(done.stdout.split())
    assert all(word.startswith(line.split(" ")[-1]) for word in done.stdout.split())


@pytest.mark.parametrize(
    ("names", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_as_a_person_would(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_a_file_that_cannot_be_read_opens_no_window(tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(
        [sys.executable, "-m", "rnnviz", "bytes.txt"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch("rnnviz: .*bytes.txt.*\n", done.stderr)


def test_python_m_rnnviz_is_the_same_command() -> None:
    environment = dict(os.environ, PYTHONIOENCODING="ascii")  # a terminal that can show little
    done = subprocess.run(
        [sys.executable, "-m", "rnnviz", "dosg"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("rnnviz: There is no preset or file")
