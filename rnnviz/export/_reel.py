"""Pictures for Pillow that are made when it asks for them, so that they need not be in memory all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image


def reel(frames: Iterator[Image], count: int, like: Image) -> Image:
    """Return a picture of `count` frames, to be looked at once and in order, as large as `like` is."""
    from PIL import Image as Pillow

    class Reel(Pillow.Image):
        """Holds one frame at a time."""

        n_frames = count
        is_animated = True

        def __init__(self) -> None:
            super().__init__()
            self._place = -1
            self._mode, self._size = like.mode, like.size

        def tell(self) -> int:
            """Say which frame it holds."""
            return max(0, self._place)

        def seek(self, frame: int) -> None:
            """Hold the next frame, or keep this one; EOFError after the last."""
            if frame >= count:
                raise EOFError
            if frame > self._place:
                self._place = frame
                shown = next(frames)
                self.im, self.palette = shown.im, shown.palette

    return Reel()
