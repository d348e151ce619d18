#!/usr/bin/env python3
"""Makes dictionaries/common/readings/*.tsv: how characters are pronounced and keyed.

Facts come from packages under permissive licences (dictionaries/SOURCES.md says which and under what terms):

    apt-get install unicode-data libcangjie2-data wamerican
    python3 -m pip install ToJyutping==3.2.0 pypinyin==0.55.0 opencc==1.4.2
    python3 tools/readings.py dictionaries/common/readings

The same packages give the same bytes. `--unihan`, `--cangjie` and `--words` name other places for the Debian files.
"""

import argparse
import bz2
import re
import sqlite3
from pathlib import Path

import opencc
import pypinyin
import ToJyutping
from pypinyin.constants import PHRASES_DICT
from ToJyutping import Trie

# Character sets in everyday use: Big5 and its Hong Kong supplement, GB 2312, the mainland's table of 2013.
CHARACTER_SETS = ("kBigFive", "kHKSCS", "kGB0", "kTGH")
# Readings beyond these are rare or literary; every one costs index entries.
JYUTPING_READINGS_MAX = 3
PINYIN_READINGS_MAX = 3
CANGJIE_CODES_MAX = 2
# Longer phrases are sayings, not goods.
WORD_CHARACTERS_MAX = 4
# Shorter Latin words are too few letters to be taken for two syllables.
LATIN_LETTERS_MIN = 4
# The packages also know grunts (hm, ng, ê) that no keyboard layout of pinyin can type as a syllable.
PINYIN_SYLLABLE = re.compile(r"[a-z]*[aeiouv][a-z]*[1-5]")
# One syllable: some characters are read with two.
JYUTPING_SYLLABLE = re.compile(r"(?!hng|hm)[a-z]+[1-6]")


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


def toneless(syllable):
    return syllable.rstrip("0123456789")


def distinct(syllables, most):
    """The first of each reading, tones apart, at most `most`."""
    kept = {}
    for syllable in syllables:
        kept.setdefault(toneless(syllable), syllable)
    return list(kept.values())[:most]


def numbered(marked):
    """xǐ → xi3, lǜ → lv4; the neutral tone is 5."""
    return pypinyin.contrib.tone_convert.to_tone3(marked, v_to_u=False, neutral_tone_with_five=True)


def lazy(syllable):
    """A key that is the same for the careful and the lazy pronunciation of a Cantonese syllable."""
    bare = toneless(syllable)
    bare = bare.replace("gw", "g").replace("kw", "k")
    for onset in ("ng", "n"):
        if bare.startswith(onset) and len(bare) > len(onset):
            return ("" if onset == "ng" else "l") + bare[len(onset):]
    return bare


class Jyutping:
    """ToJyutping first; Unihan where it has nothing."""

    def __init__(self, unihan):
        self.unihan = unihan
        self.words = {}
        self.walk(Trie.root, "")

    def walk(self, node, prefix):
        for character, child in node.items():
            word = prefix + character
            if child.v and 1 < len(word) <= WORD_CHARACTERS_MAX:
                self.words[word] = str(child.v[0]).split()
            self.walk(child, word)

    def character(self, character):
        found = ToJyutping.get_jyutping_candidates(character)[0][1]
        if not found:
            found = self.unihan["kCantonese"].get(character, "").split()
        kept = {}
        for syllable in filter(JYUTPING_SYLLABLE.fullmatch, distinct(found, len(found))):
            kept.setdefault(lazy(syllable), syllable)
        return list(kept.values())[:JYUTPING_READINGS_MAX]


class Pinyin:
    """pypinyin; a Traditional character's readings in the order of its Simplified form, which the package knows better."""

    def __init__(self, unihan, to_simplified):
        self.unihan = unihan
        self.to_simplified = to_simplified

    def readings(self, character):
        single = pypinyin.pinyin(
            character,
            style=pypinyin.Style.TONE3,
            heteronym=True,
            neutral_tone_with_five=True,
            errors="ignore",
        )
        return [reading.replace("ü", "v") for reading in single[0]] if single else []

    def character(self, character):
        own = self.readings(character)
        simplified = self.to_simplified.convert(character)
        if simplified != character:
            order = self.readings(simplified)
            own.sort(key=lambda reading: order.index(reading) if reading in order else len(order))
        if not own:
            own = [numbered(reading) for reading in self.unihan["kMandarin"].get(character, "").split()]
        return distinct(filter(PINYIN_SYLLABLE.fullmatch, own), PINYIN_READINGS_MAX)

    def words(self):
        """Phrases as the package spells them, mostly Simplified."""
        for word in PHRASES_DICT:
            if 1 < len(word) <= WORD_CHARACTERS_MAX:
                syllables = self.word(word)
                if all(map(PINYIN_SYLLABLE.fullmatch, syllables)):
                    yield word, syllables

    def word(self, word):
        syllables = pypinyin.lazy_pinyin(
            word, style=pypinyin.Style.TONE3, neutral_tone_with_five=True, errors="ignore"
        )
        return [syllable.replace("ü", "v") for syllable in syllables]


def cangjie_codes(database):
    """`{character: codes}`, the third version (Windows, Hong Kong) before the fifth."""
    codes = {}
    rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True).execute(
        "SELECT chchar, code FROM chars JOIN codes USING (char_index) ORDER BY char_index, version, codes.rowid"
    )
    for character, code in rows:
        known = codes.setdefault(character, [])
        if code not in known and code.isalpha() and not code.startswith(("x", "z")):
            known.append(code)
    return codes


class Composition:
    """Reads words by the longest known word, then by first readings: as the analysers do. Keys: any one script."""

    def __init__(self, characters):
        self.characters = characters
        self.words = {}

    def read(self, word):
        syllables = []
        at = 0
        while at < len(word):
            for end in range(min(len(word), at + WORD_CHARACTERS_MAX), at + 1, -1):
                known = self.words.get(word[at:end])
                if known:
                    syllables += known
                    at = end
                    break
            else:
                first = self.characters.get(word[at])
                if not first:
                    return None
                syllables.append(first[0])
                at += 1
        return syllables

    def learn(self, word, syllables):
        """Keeps the word if it is read otherwise than its parts. Tones alone are worth a row in short words."""
        composed = self.read(word)
        if composed is None or composed == syllables or len(syllables) != len(word):
            return
        other_sound = [toneless(s) for s in composed] != [toneless(s) for s in syllables]
        if other_sound or len(word) == 2:
            self.words[word] = syllables


def write_characters(path, table):
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("# Readings of characters, the usual first, and Cangjie codes. Made by tools/readings.py; do not edit.\n")
        out.write("# Sources: ToJyutping, unihan (jyutping); pypinyin, unihan (pinyin); libcangjie (cangjie)\n")
        out.write("char\tjyutping\tpinyin\tcangjie\n")
        for character, columns in sorted(table.items()):
            out.write("\t".join([character, *("|".join(column) for column in columns)]).rstrip("\t") + "\n")


def write_words(path, jyutping, pinyin):
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("# Words that are read otherwise than their characters' first readings. Made by tools/readings.py; do not edit.\n")
        out.write("# Sources: ToJyutping (jyutping); pypinyin (pinyin)\n")
        out.write("word\tjyutping\tpinyin\n")
        for word in sorted(set(jyutping) | set(pinyin)):
            row = [word, " ".join(jyutping.get(word, [])), " ".join(pinyin.get(word, []))]
            out.write("\t".join(row).rstrip("\t") + "\n")


def lazy_spellings(syllable):
    """A Cantonese syllable as it may be typed: long or short a, lazy onset, lazy coda, and the other way round."""
    spellings = {syllable, syllable.replace("aa", "a")}
    for spelling in list(spellings):
        for careful, lax in (("n", "l"), ("gw", "g"), ("kw", "k"), ("ng", "")):
            if spelling.startswith(careful):
                spellings.add(lax + spelling[len(careful):])
            if spelling.startswith(lax):
                spellings.add(careful + spelling[len(lax):])
    for spelling in list(spellings):
        for careful, lax in (("ng", "n"), ("k", "t")):
            if spelling.endswith(careful):
                spellings.add(spelling[: -len(careful)] + lax)
            elif spelling.endswith(lax):
                spellings.add(spelling[: -len(lax)] + careful)
    return spellings


def is_spelled(word, syllables):
    """Whether the letters are two or more syllables, end to end."""
    longest = max(map(len, syllables))
    reached = [{0}] + [set() for _ in word]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - longest), end):
            if reached[start] and word[start:end] in syllables:
                reached[end] |= {min(count + 1, 2) for count in reached[start]}
    return 2 in reached[len(word)]


def latin_words(path, table):
    """Words of a Latin word list that could be taken for jyutping or pinyin."""
    jyutping = {toneless(syllable) for columns in table.values() for syllable in columns[0]}
    jyutping = {spelling for syllable in jyutping for spelling in lazy_spellings(syllable)}
    pinyin = {toneless(syllable) for columns in table.values() for syllable in columns[1]}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        word = line.lower()
        if len(word) >= LATIN_LETTERS_MIN and word.isascii() and word.isalpha():
            if is_spelled(word, jyutping) or is_spelled(word, pinyin):
                yield word


def write_latin_words(path, words):
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("# Latin words and names that could be taken for jyutping or pinyin. Made by tools/readings.py; do not edit.\n")
        out.write("# Source: scowl\n")
        out.write("word\n")
        for word in sorted(set(words)):
            out.write(word + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--unihan", default="/usr/share/unicode")
    arguments.add_argument("--cangjie", default="/usr/share/libcangjie/cangjie.db")
    arguments.add_argument("--words", default="/usr/share/dict/american-english")
    options = arguments.parse_args()

    unihan = unihan_fields(options.unihan, (*CHARACTER_SETS, "kCantonese", "kMandarin"))
    to_simplified, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    jyutping, pinyin = Jyutping(unihan), Pinyin(unihan, to_simplified)
    codes = cangjie_codes(options.cangjie)
    everyday = {character for name in CHARACTER_SETS for character in unihan[name]}
    table = {}
    for character in everyday:
        columns = [
            jyutping.character(character),
            pinyin.character(character),
            codes.get(character, [])[:CANGJIE_CODES_MAX],
        ]
        if columns[0] or columns[1]:
            table[character] = columns

    by_jyutping = Composition({character: columns[0] for character, columns in table.items()})
    by_pinyin = Composition({character: columns[1] for character, columns in table.items()})
    for word, syllables in sorted(jyutping.words.items(), key=lambda item: (len(item[0]), item[0])):
        # The Simplified spelling of a listed word says nothing more: the analysers fold before they look.
        if to_traditional.convert(word) == word:
            by_jyutping.learn(word, syllables)
    phrases = {to_traditional.convert(word): syllables for word, syllables in pinyin.words()}
    for word, syllables in sorted(phrases.items(), key=lambda item: (len(item[0]), item[0])):
        by_pinyin.learn(word, syllables)

    options.out.mkdir(parents=True, exist_ok=True)
    write_characters(options.out / "characters.tsv", table)
    write_words(options.out / "polyphones.tsv", by_jyutping.words, by_pinyin.words)
    write_latin_words(options.out / "latin-words.tsv", latin_words(options.words, table))


if __name__ == "__main__":
    main()
