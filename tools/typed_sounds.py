#!/usr/bin/env python3
"""Types the terms of the concept lexicon by sound and on wrong layouts, with noise: queries to measure with.

Readings come from other packages than the dictionaries' where there are any, so that the measure is not its own judge:

    apt-get install unicode-data
    python3 -m pip install pycantonese==5.0.0 pypinyin==0.55.0 opencc==1.4.2
    python3 tools/typed_sounds.py --each 200 > tests/data/language/typed_sounds.tsv   # the sample that tests hold
    python3 tools/typed_sounds.py > ALL.tsv
    sampan eval typed ALL.tsv

Columns: way, region, term, query. The same seed gives the same queries.
"""

import argparse
import bz2
import csv
import random
import re
from pathlib import Path

import opencc
import pycantonese
import pypinyin

LAZY_SHARE = 0.15
FUZZY_SHARE = 0.1
LAZY = [("n", "l"), ("ng", ""), ("gw", "g"), ("kw", "k")]
LAZY_CODA = [("ng", "n"), ("k", "t")]
FUZZY = [("zh", "z"), ("ch", "c"), ("sh", "s")]
DACHEN = dict(zip("ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦˊˇˋ˙",
                  "1qaz2wsxedcrfv5tgbyhnujm8ik,9ol.0p;/-6347"))
HAN = re.compile(r"[\u4e00-\u9fff]+")


def lexicon(folder):
    """`(region, term)` of all terms that are Han throughout and have two or more characters."""
    found = set()
    for path in sorted(Path(folder).glob("*.tsv")):
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                for region in ("hk", "tw", "cn"):
                    for term in (row[region] or "").split("|"):
                        term = term.strip().lstrip("<>")
                        if HAN.fullmatch(term) and len(term) > 1:
                            found.add((region, term))
    return sorted(found)


class Typist:
    def __init__(self, unihan):
        self.to_simplified = opencc.OpenCC("t2s")
        self.cangjie = {}
        for path in sorted(Path(unihan).glob("Unihan_*.txt.bz2")):
            with bz2.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    if "\tkCangjie\t" in line:
                        code, _, keys = line.split("\t")
                        self.cangjie[chr(int(code[2:], 16))] = keys.strip().lower()

    def jyutping(self, term, random):
        spelled = "".join(reading or "?" for _, reading in pycantonese.characters_to_jyutping(term))
        syllables = re.findall(r"[a-z]+[1-6]", spelled)
        if len(syllables) != len(term):
            return None
        return self.romanised([lazy(syllable, random) for syllable in syllables], random)

    def numbered(self, term):
        simplified = self.to_simplified.convert(term)
        syllables = pypinyin.lazy_pinyin(simplified, style=pypinyin.Style.TONE3, neutral_tone_with_five=True)
        syllables = [syllable.replace("ü", "v") for syllable in syllables]
        return syllables if len(syllables) == len(term) and all(s.isascii() for s in syllables) else None

    def pinyin(self, term, random):
        syllables = self.numbered(term)
        return syllables and self.romanised([fuzzy(syllable, random) for syllable in syllables], random)

    def pinyin_mixed(self, term, random):
        """Some characters as such, at least one by its sound."""
        syllables = self.numbered(term)
        if not syllables:
            return None
        sounds = set(random.sample(range(len(term)), random.randint(1, len(term) - 1)))
        toned = random.random() < 0.3
        parts = [syllables[at] if at in sounds else term[at] for at in range(len(term))]
        return "".join(parts) if toned else "".join(part.rstrip("12345") for part in parts)

    def romanised(self, syllables, random):
        if random.random() < 0.5:
            syllables = [syllable.rstrip("0123456789") for syllable in syllables]
        return random.choice(["", " "]).join(syllables)

    def bopomofo(self, term):
        simplified = self.to_simplified.convert(term)
        symbols = pypinyin.lazy_pinyin(simplified, style=pypinyin.Style.BOPOMOFO)
        return symbols if len(symbols) == len(term) and HAN.search("".join(symbols)) is None else None

    def zhuyin(self, term, random):
        symbols = self.bopomofo(term)
        if not symbols:
            return None
        if random.random() < 0.4:
            symbols = [symbol.strip("ˊˇˋ˙") for symbol in symbols]
        return random.choice(["", " "]).join(symbols)

    def zhuyin_keys(self, term, random):
        symbols = self.bopomofo(term)
        if not symbols:
            return None
        first_tone = random.choice(["", " "])
        keys = []
        for symbol in symbols:
            typed = "".join(DACHEN.get(part, "?") for part in symbol)
            keys.append(typed if typed[-1] in "3467" else typed + first_tone)
        return "".join(keys).strip()

    def cangjie_codes(self, term, random):
        codes = [self.cangjie.get(character) for character in term]
        return random.choice(["", " "]).join(codes) if all(codes) else None

    def quick_codes(self, term, random):
        codes = [self.cangjie.get(character) for character in term]
        if not all(codes):
            return None
        codes = [code if len(code) == 1 else code[0] + code[-1] for code in codes]
        if random.random() < 0.5:
            return " ".join(codes)
        return "".join(code + str(random.randint(1, 9)) for code in codes)


def lazy(syllable, random):
    bare, tone = syllable[:-1], syllable[-1]
    for careful, lax in LAZY:
        if random.random() < LAZY_SHARE and re.match(careful + "[aeiou]", bare):
            bare = lax + bare[len(careful):]
            break
    for careful, lax in LAZY_CODA:
        if random.random() < LAZY_SHARE and bare.endswith(careful) and bare != careful:
            bare = bare[: -len(careful)] + lax
    return bare + tone


def fuzzy(syllable, random):
    for careful, lax in FUZZY:
        if syllable.startswith(careful) and random.random() < FUZZY_SHARE:
            return lax + syllable[len(careful):]
    return syllable


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--concepts", default="dictionaries/common/concepts")
    arguments.add_argument("--unihan", default="/usr/share/unicode")
    arguments.add_argument("--each", type=int, help="queries of each way; default all")
    options = arguments.parse_args()
    typist = Typist(options.unihan)
    ways = {
        "jyutping": (typist.jyutping, ("hk",)),
        "pinyin": (typist.pinyin, ("cn", "tw")),
        "pinyin_mixed": (typist.pinyin_mixed, ("cn", "tw")),
        "zhuyin": (typist.zhuyin, ("tw",)),
        "zhuyin_keys": (typist.zhuyin_keys, ("tw",)),
        "cangjie": (typist.cangjie_codes, ("hk", "tw")),
        "quick": (typist.quick_codes, ("hk",)),
    }
    terms = lexicon(options.concepts)
    print("way\tregion\tterm\tquery")
    for way, (type_term, regions) in ways.items():
        source = random.Random(way)
        spoken = [(region, term) for region, term in terms if region in regions]
        if options.each:
            spoken = source.sample(spoken, options.each)
        for region, term in spoken:
            query = type_term(term, source)
            if query:
                print(f"{way}\t{region}\t{term}\t{query}")


if __name__ == "__main__":
    main()
