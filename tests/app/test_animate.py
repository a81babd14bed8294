"""Animations and slides by command line and in the window."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from PySide6.QtCore import QTimer

from rnnviz.app import animate, cli, film
from rnnviz.app.film import Learning, Playing, usual_every
from rnnviz.app.frame_progress import FrameProgress
from rnnviz.app.slides import source_of
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.engine import Parameters, stages
from rnnviz.session import edits, presets
from rnnviz.session.files.kept import Kept
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.animation_dialog import AnimationDialog
    from rnnviz.app.window import MainWindow

SIZE = ["--size", "320x240"]
STAGES = len(stages(presets.load("dogs").spec))


def rendered(path: Path, *words: str) -> int:
    return cli.main(["render", "dogs", *SIZE, *words, "-o", str(path)])


def pictures(path: Path) -> list[np.ndarray]:
    with Image.open(path) as image:
        found = []
        for n in range(getattr(image, "n_frames", 1)):
            image.seek(n)
            found.append(np.asarray(image.convert("RGB")))
        return found


@pytest.mark.usefixtures("qapp")
def test_each_frame_is_the_picture_of_that_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rendered(tmp_path / "a.apng", "--panel", "timeline", "--fps", "2.5") == 0
    assert capsys.readouterr() == ("", "")
    frames = pictures(tmp_path / "a.apng")
    assert len(frames) == 3
    for step, frame in enumerate(frames, 1):
        assert rendered(tmp_path / "a.png", "--panel", "timeline", "--step", str(step)) == 0
        assert (pictures(tmp_path / "a.png")[0] == frame).all()
    with Image.open(tmp_path / "a.apng") as image:
        assert image.info["duration"] == 400


@pytest.mark.usefixtures("qapp")
def test_a_workspace_is_a_film_of_the_window(tmp_path: Path) -> None:
    words = ["render", "dogs", "--workspace", "dynamics", "--size", "1280x720"]
    assert cli.main([*words, "-o", str(tmp_path / "a.apng")]) == 0
    assert cli.main([*words, "--step", "3", "-o", str(tmp_path / "a.png")]) == 0
    frames = pictures(tmp_path / "a.apng")
    assert len(frames) == 3
    assert (frames[0] != frames[2]).any()
    assert (frames[2] != pictures(tmp_path / "a.png")[0]).mean() < 1e-3


@pytest.mark.usefixtures("qapp")
def test_slow_motion_has_a_frame_for_each_stage(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    assert rendered(path, "--panel", "network", "--slow") == 0
    frames = pictures(path)
    assert len(frames) == 3 * STAGES
    assert all((one != other).any() for one, other in pairwise(frames))


@pytest.mark.usefixtures("qapp")
def test_training_has_a_frame_before_it_and_one_every_few_updates(tmp_path: Path) -> None:
    path = tmp_path / "a.apng"
    assert rendered(path, "--panel", "weights", "--train", "7", "--every", "3") == 0
    frames = pictures(path)
    assert len(frames) == 4  # 0, 3, 6 and 7
    assert rendered(tmp_path / "a.png", "--panel", "weights") == 0
    assert (pictures(tmp_path / "a.png")[0] == frames[0]).all()
    assert rendered(tmp_path / "learnt.rnnviz", "--panel", "weights") == 2  # a file of another kind
    words = ["train", "dogs", "--updates", "7", "--quiet", "-o", str(tmp_path / "l.rnnviz")]
    assert cli.main(words) == 0
    after = ["render", str(tmp_path / "l.rnnviz"), *SIZE, "--panel", "weights", "-o", str(tmp_path / "b.png")]
    assert cli.main(after) == 0
    assert (pictures(tmp_path / "b.png")[0] == frames[-1]).all()


@pytest.mark.usefixtures("qapp")
def test_ctrl_c_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: FrameProgress) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FrameProgress, "tell_frame", interrupted)
    path = tmp_path / "a.gif"
    path.write_bytes(b"old")
    assert rendered(path, "--panel", "timeline") == 130
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.gif"]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("a.png", ["--train", "3"], "--train is for animations"),
        ("a.png", ["--fps", "3"], "--fps is for animations"),
        ("a.gif", ["--every", "3"], "give --train, too"),
        ("a.gif", ["--fps", "0"], "from 0.1 to 50"),
        ("a.gif", ["--train", "900000", "--every", "1"], "frames of 320x240 at scale 1 are too many"),
        ("a.avi", [], "must end in"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    name: str, words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rendered(tmp_path / name, "--panel", "timeline", *words) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_run_that_explodes_stands_still_and_says_so() -> None:
    state = presets.load("dogs")
    state = replace(state, parameters=Parameters(1e308 * state.parameters.flat, state.parameters.shapes))
    told: list[str] = []
    session = Session(state)
    learning = Learning(Kept(state), 6, 1, told.append)
    seen = [session.document.state.parameters for _ in learning.run(session)]
    assert len(seen) == learning.count(session) == 7
    assert seen[-1] is seen[-2] or (seen[-1].flat == seen[-2].flat).all()
    assert len(told) == 1
    assert told[0].startswith("Update ")


def test_a_film_of_a_run_has_about_as_many_frames_however_long_it_is() -> None:
    for updates in (1, 119, 121, 5_000, 999_999):
        count = -(-updates // usual_every(updates))
        assert count <= film.MOST_UPDATES
        assert count >= min(updates, film.MOST_UPDATES // 2)


def test_playing_goes_through_all_steps_once() -> None:
    session = Session(presets.load("dogs"))
    session.playback.seek(2)
    seen = [session.playback.step for _ in Playing().run(session)]
    assert seen == [0, 1, 2]
    assert Playing().count(session) == 3


@pytest.mark.usefixtures("qapp")
def test_a_workspace_becomes_a_slide_a_panel(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    words = ["render", "dogs", "--workspace", "explore", "--step", "2", "-o", str(path)]
    assert cli.main(words) == 0
    slides = Presentation(str(path)).slides
    drawn = [name for name in WORKSPACES["explore"].panels() if name != "training"]  # nothing is learnt yet
    assert len(slides) == len(drawn)
    notes = slides[0].notes_slide.notes_text_frame.text
    assert "“dogs”" in notes
    assert "step 2 of 3" in notes
    assert "33 parameters" in notes


def test_the_source_tells_of_training() -> None:
    state = presets.load("dogs")
    session = Session(edits.with_learnt(state, state.parameters, 1234))
    assert "after 1,234 updates" in source_of(session)


def opened(window: MainWindow, over: str) -> AnimationDialog:
    dialog = window.contents.controller.films.open_animation()
    dialog.over.setCurrentIndex(dialog.over.findData(over))
    dialog.suffix.setCurrentIndex(dialog.suffix.findData(".apng"))
    return dialog


def choose(dialog: AnimationDialog, name: str) -> None:
    panels = [dialog.what.itemData(n) for n in range(dialog.what.count())]
    dialog.what.setCurrentIndex([getattr(panel, "name", "") for panel in panels].index(name))


def test_the_window_makes_an_animation_and_stays_alive(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session, path, ticks = window.contents.session, tmp_path / "a.apng", []
    session.playback.seek(1)
    dialog = opened(window, "steps")
    choose(dialog, "timeline")
    assert dialog.facts.text() == "3 frames, 0.8 s"
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    with qtbot.waitSignal(dialog.told, timeout=20_000) as told:
        dialog.begin(path)
    timer.stop()
    assert told.args == [f"Exported {path}.", True]
    frames = pictures(path)
    assert len(frames) == 3
    assert frames[0].shape == (720, 1280, 3)
    assert (frames[0] != frames[1]).any()
    assert session.playback.step == 1
    assert not session.playback.slow
    assert len(ticks) >= 3


def test_the_window_shows_training_without_training(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    session = window.contents.session
    before = session.document.state
    dialog = opened(window, "updates")
    choose(dialog, "weights")
    dialog.updates.setValue(4)
    assert dialog.facts.text().startswith("5 frames")
    with qtbot.waitSignal(dialog.told, timeout=20_000):
        dialog.begin(tmp_path / "a.apng")
    assert len(pictures(tmp_path / "a.apng")) == 5
    assert session.document.state is before


def test_all_panels_play_but_do_not_learn_together(window: MainWindow) -> None:
    dialog = opened(window, "updates")
    dialog.what.setCurrentIndex(dialog.what.count() - 1)
    assert not dialog.export_.isEnabled()
    assert "one panel" in dialog.facts.text()
    dialog.over.setCurrentIndex(dialog.over.findData("stages"))
    assert dialog.export_.isEnabled()
    assert dialog.count == 3 * STAGES
    dialog.reject()


def test_an_animation_that_is_cancelled_leaves_the_old_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, session = tmp_path / "a.apng", window.contents.session
    path.write_bytes(b"old")
    session.playback.seek(2)
    dialog = opened(window, "stages")
    dialog.begin(path)
    assert dialog.filming is not None
    with qtbot.waitSignal(dialog.filming.progressed):
        pass
    with qtbot.waitSignal(dialog.finished, timeout=20_000):
        dialog.reject()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.apng"]
    assert session.playback.step == 2
    assert not session.playback.slow


def test_a_film_that_cannot_be_written_is_a_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(window, "steps")
    with qtbot.waitSignal(dialog.told, timeout=20_000) as told:
        dialog.begin(tmp_path / "missing" / "a.apng")
    assert told.args is not None
    assert "no folder" in told.args[0]
    assert told.args[1] is False


def test_the_window_makes_slides_of_the_panels_that_are_ticked(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.pptx"
    dialog = window.contents.controller.films.open_slides()
    seen = {panel.name for panel in window.contents.visible_panels()}
    assert set(dialog.chosen) == seen - {"training"}  # nothing is learnt yet
    with qtbot.waitSignal(dialog.told, timeout=30_000) as told:
        dialog.begin(path)
    assert told.args == [f"Exported {path}.", True]
    assert len(Presentation(str(path)).slides) == len(seen) - 1


def test_slides_that_are_cancelled_leave_the_old_file(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    path.write_bytes(b"old")
    dialog = window.contents.controller.films.open_slides()
    dialog.begin(path)
    dialog.reject()
    assert path.read_bytes() == b"old"


def test_progress_counts_frames_not_passes() -> None:
    class Stream:
        encoding = "utf-8"

        def __init__(self) -> None:
            self.lines: list[str] = []

        def isatty(self) -> bool:
            return False

        def write(self, text: str) -> None:
            self.lines.append(text)

        def flush(self) -> None:
            pass

    stream, times = Stream(), iter(range(0, 1000, 5))
    progress = FrameProgress(4, 2, stream, lambda: float(next(times)))  # type: ignore[arg-type]
    for _ in range(8):
        progress.tell_frame()
    assert stream.lines[0].startswith("1 of 4 frames")
    assert stream.lines[-1].startswith("4 of 4 frames")


def test_every_kind_of_animation_is_offered() -> None:
    assert set(animate.MOVIES) == {".gif", ".webp", ".apng", ".mp4"}
