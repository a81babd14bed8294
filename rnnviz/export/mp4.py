"""MP4 video (H.264), which every player and every presentation program shows; needs the extra `video`."""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.export._files import ExportError, replace_file
from rnnviz.export._movies import register_movie

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.export._movies import Film, Pixels

QUALITY = {"crf": "14", "preset": "medium", "tune": "animation"}
FORMAT = "yuv420p"  # what all players know
BT709 = 1  # how colours are written in high definition; players guess otherwise, and not all the same
MISSING = "MP4 needs PyAV, which is not installed: pip install rnnviz[video]"


@register_movie(".mp4", "MP4 video")
def save(film: Film, path: Path) -> None:
    """Write a film as a video; a picture of an odd size repeats its last row or column."""
    try:
        import av
        from av.video.reformatter import Colorspace
    except ImportError as error:
        raise ExportError(MISSING) from error
    content = io.BytesIO()
    with av.open(content, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=film.rate, options=dict(QUALITY))
        stream.pix_fmt = FORMAT
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for name in ("colorspace", "color_primaries", "color_trc", "color_range"):
            setattr(stream.codec_context, name, BT709)
        pictures = map(even, film.pixels())
        first = next(pictures)
        stream.height, stream.width = first.shape[:2]
        for picture in chain([first], pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame.reformat(format=FORMAT, dst_colorspace=Colorspace.ITU709)))
        container.mux(stream.encode(None))
    replace_file(path, content.getvalue())


def even(picture: Pixels) -> Pixels:
    """Return a picture whose sides are even, as the format demands."""
    height, width, _ = picture.shape
    if height % 2 or width % 2:
        picture = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return np.ascontiguousarray(picture)
