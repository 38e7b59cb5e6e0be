"""Subset the two typefaces to what French needs: `python dev/fonts.py` rewrites static/fonts.

The sources are the variable fonts of two npm packages (OFL-1.1, no reserved font name). They lack the narrow
no-break space and the hyphens that French numbers and the printed report need: these are given the glyphs of
their neighbours here. Both axes are narrowed to the weights we use. The output is the same to the byte with
the same fonttools and brotli, and `tests/face/test_fonts.py` compares it with `static/fonts/VENDOR.md`.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
VERSION = "5.3.0"
FACES = {
    # our name: (npm package, file in it, weights kept)
    "bricolage-grotesque": (
        "@fontsource-variable/bricolage-grotesque",
        "bricolage-grotesque-latin-wght-normal.woff2",
        (400, 800),
    ),
    "atkinson-hyperlegible-next": (
        "@fontsource-variable/atkinson-hyperlegible-next",
        "atkinson-hyperlegible-next-latin-wght-normal.woff2",
        (400, 700),
    ),
}
UNICODES = sorted(
    {*range(0x20, 0x7F), *range(0xA0, 0x100), 0x152, 0x153, 0x2BC}
    | {0x2009, 0x200D, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E}
    | {0x2022, 0x2026, 0x202F, 0x2032, 0x2033, 0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215}
)
FEATURES = ["kern", "liga", "ccmp", "locl", "lnum", "pnum", "tnum", "frac", "numr", "dnom", "sups"]
NEIGHBOURS = {0x202F: 0x2009, 0x2010: 0x2D, 0x2011: 0x2D}


def lend_neighbours(font: TTFont) -> None:
    """Give the code points that the source lacks the glyph of their nearest neighbour."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            for wanted, lender in NEIGHBOURS.items():
                if wanted not in table.cmap and lender in table.cmap:
                    table.cmap[wanted] = table.cmap[lender]


def make(name: str, package: str, file: str, weights: tuple[int, int], work: Path) -> str:
    """Write one face and its licence into static/fonts; return its SHA-256."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{VERSION}"],
        cwd=work,
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(work / done.stdout.split()[-1]) as archive:
        archive.extractall(work / name, filter="data")
    source = work / name / "package"
    font = TTFont(source / "files" / file, recalcTimestamp=False)
    lend_neighbours(font)
    options = subset.Options(
        layout_features=FEATURES,
        flavor="woff2",
        hinting=False,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
    target = TARGET / f"{name}.woff2"
    subset.save_font(font, str(target), options)
    shutil.copyfile(source / "LICENSE", TARGET / f"{name}.OFL.txt")
    return hashlib.sha256(target.read_bytes()).hexdigest()


def main() -> None:
    """Rewrite both faces and print what VENDOR.md must say."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for name, (package, file, weights) in FACES.items():
            digest = make(name, package, file, weights, Path(work))
            size = (TARGET / f"{name}.woff2").stat().st_size
            range_ = f"{weights[0]}–{weights[1]}"
            print(f"| `{name}.woff2` | `{package}` {VERSION} | {range_} | {size} | `{digest}` |")


if __name__ == "__main__":
    main()
