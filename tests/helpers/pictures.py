"""Pictures as they are seen."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

Seen = npt.NDArray[np.int64]


def seen(png: bytes) -> Seen:
    """Red, green, blue and opacity of a PNG, (height, width, 4)."""
    picture = Image.open(BytesIO(png))
    assert picture.format == "PNG"
    return np.asarray(picture.convert("RGBA"), np.int64)


def width_of(picture: bytes) -> int:
    """How many pixels wide a picture is."""
    return Image.open(BytesIO(picture)).width
