#!/usr/bin/env python3
"""Makes the photographs of www/pictures from those inside the scikit-image wheel.

Run by hand, only when a crop changes; the results are committed:

    python3 -m venv /tmp/pictures
    /tmp/pictures/bin/pip install scikit-image==0.26.0 pillow==13.0.0
    /tmp/pictures/bin/python scripts/make-pictures.py

The photographs are read from the installed wheel, nothing else is fetched.
Authors and licences stand in www/pictures/CREDITS.md.
"""

from pathlib import Path

import PIL
import skimage
from PIL import Image

VERSIONS = {"scikit-image": "0.26.0", "pillow": "13.0.0"}

SIDE_PX = 256

# Edge kernels amplify what a codec leaves behind, so the quality is high, and
# the grey photographs are lossless: their three channels stay exactly equal.
COLOR = {"format": "WEBP", "quality": 92, "method": 6}
GREY = {"format": "WEBP", "lossless": True, "quality": 100, "method": 6}

# name: file in skimage/data, crop (left, top, side) in pixels of that file.
CROPS = {
    "cat": ("chelsea.png", (95, 0, 300)),
    "camera": ("camera.png", (82, 26, 320)),
    "coffee": ("coffee.png", (70, 0, 400)),
    "astronaut": ("astronaut.png", (104, 0, 256)),
    "brick": ("brick.png", (128, 128, 256)),
    "rocket": ("rocket.jpg", (160, 70, 357)),
}


def main():
    """Writes every photograph and prints its size in bytes."""
    installed = {"scikit-image": skimage.__version__, "pillow": PIL.__version__}
    if installed != VERSIONS:
        raise SystemExit(f"expected {VERSIONS}, found {installed}")
    source = Path(skimage.__file__).parent / "data"
    target = Path(__file__).resolve().parent.parent / "www" / "pictures"
    for name, (file, crop) in CROPS.items():
        path = target / f"{name}.webp"
        with Image.open(source / file) as photo:
            cropped(photo, crop).save(path, **(GREY if photo.mode == "L" else COLOR))
        print(f"{path.name}: {path.stat().st_size} bytes")


def cropped(photo, crop):
    """The square `crop` (left, top, side) of `photo` in RGB, SIDE_PX pixels wide."""
    left, top, side = crop
    square = photo.convert("RGB").crop((left, top, left + side, top + side))
    if side == SIDE_PX:
        return square
    return square.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
