#!/usr/bin/env python3
"""Makes typing mistakes in real texts, to measure corrections with: `sampan eval spell --typos` reads what this writes.

    apt-get install unicode-data
    python3 tools/typing_mistakes.py TEXTS LOOK_ALIKES > typos.tsv

TEXTS: one title or query a line. LOOK_ALIKES: groups of characters of like shape, one a line, with white space between; any
set but the dictionaries' own, of which the corrections are made. Homophones are those of Unihan's readings. Of each kind
there are as many as of the others: `--each`. `--titles FILE` leaves out mistakes that leave nothing strange (恒温热水杯:
恒温水杯): those of which every two neighbouring characters stand side by side in a title.
"""

import argparse
import bz2
import random
from collections import Counter, defaultdict
from pathlib import Path

# Characters that a person may type: of the first levels of Big5 and GB 2312.
EVERYDAY = {"kBigFive": ("A440", "C67E"), "kGB0": ("1601", "5589")}
READINGS = {"cantonese": "kCantonese", "mandarin": "kMandarin"}
KINDS = ("mandarin", "cantonese", "look_alike", "missing", "doubled", "swapped")


def is_han(character):
    return "\u4e00" <= character <= "\u9fff"


def pairs(text):
    return {a + b for a, b in zip(text, text[1:]) if is_han(a) and is_han(b)}


def unihan(folder):
    """Characters that may be typed, and `{kind: {character: characters of the same sound}}`."""
    everyday, by_sound = set(), defaultdict(set)
    for path in sorted(Path(folder).glob("Unihan_*.txt.bz2")):
        with bz2.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith("U+"):
                    continue
                code, field, value = line.rstrip("\n").split("\t")
                character = chr(int(code[2:], 16))
                low, high = EVERYDAY.get(field, ("", ""))
                if low <= value <= high:
                    everyday.add(character)
                for kind, name in READINGS.items():
                    if field == name:
                        by_sound[kind, value.split()[0]].add(character)
    alike = {kind: defaultdict(set) for kind in READINGS}
    for (kind, _), group in by_sound.items():
        for character in group:
            alike[kind][character] |= (group & everyday) - {character}
    return everyday, alike


def look_alikes(path, everyday):
    alike = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        group = set(line.split())
        for character in group:
            alike[character] |= (group & everyday) - {character}
    return alike


def mistaken(text, kind, alike, choose):
    """The text with one mistake; none when it has no place for it."""
    han = [at for at, character in enumerate(text) if is_han(character)]
    inside = [at for at in han if at - 1 in han and at + 1 in han]
    if kind in alike:
        at = choose([at for at in han if alike[kind].get(text[at])])
        return at is not None and text[:at] + choose(sorted(alike[kind][text[at]])) + text[at + 1 :]
    if kind == "missing":
        at = choose(inside if len(han) > 3 else [])
        return at is not None and text[:at] + text[at + 1 :]
    if kind == "doubled":
        at = choose(han)
        return at is not None and text[: at + 1] + text[at:]
    at = choose([at for at in han if at + 1 in han and text[at] != text[at + 1]] if len(han) > 2 else [])
    return at is not None and text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("texts", type=Path)
    arguments.add_argument("look_alikes", type=Path)
    arguments.add_argument("--each", type=int, default=250)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--titles", type=Path, help="leave out what leaves nothing strange to these")
    arguments.add_argument("--unihan", default="/usr/share/unicode")
    options = arguments.parse_args()
    everyday, alike = unihan(options.unihan)
    alike["look_alike"] = look_alikes(options.look_alikes, everyday)
    chance = random.Random(options.seed)
    texts = sorted(set(filter(None, options.texts.read_text(encoding="utf-8").splitlines())))
    chance.shuffle(texts)
    held = pairs(options.titles.read_text(encoding="utf-8")) if options.titles else None
    made = Counter({kind: 0 for kind in KINDS})
    print("id\ttyped\tright\tkind")
    for text in texts:
        kind = min(KINDS, key=lambda kind: made[kind])
        if made[kind] == options.each:
            break
        typed = mistaken(text, kind, alike, lambda places: chance.choice(places) if places else None)
        if not typed or typed == text or held is not None and pairs(typed) <= held:
            continue
        made[kind] += 1
        print(f"{sum(made.values())}\t{typed}\t{text}\t{kind}")


if __name__ == "__main__":
    main()
