#!/usr/bin/env python3
"""Makes ../common/words-cantonese.tsv: Cantonese words with frequencies.

    python3 cantonese_words.py PYCANTONESE OUT_DIR > ../common/words-cantonese.tsv

PYCANTONESE  the unpacked wheel of PyCantonese 5.0.0, of which only two data sets are read:
             rime-cantonese (CC BY 4.0), a word list, and CTCPC (CC0), sentences. HKCanCor, which measures us, is not.
OUT_DIR      the analysers' build output, with lexicon.txt and characters.txt.

Frequencies are expected counts under a unigram model of words (expectation maximisation over all ways to cut the
sentences), scaled to the general lexicon. A word that is no more than its parts is left out.
"""
import collections
import json
import math
import re
import sys
from pathlib import Path

LONGEST_WORD = 4
ITERATIONS = 4
# Seen less often, a count says little.
COUNT_MIN = 3.0
# Log of how much likelier the word is than its best cut into parts.
COHESION_MIN = 2.0
# Raised only if the sentences have it so much oftener than the general lexicon.
RAISE_MIN = 2
# A character that stands alone less often than this, of all its occurrences, is no word.
ALONE_MIN = 0.1
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")


def read_characters(path):
    canonical, simplified, traditional = {}, {}, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        character, canon, trad, simple = line.split(" ")[:4]
        canonical[character], traditional[character], simplified[character] = canon, trad, simple

    def fold(text):
        folded = (canonical.get(c, c) for c in text.lower())
        return "".join(simplified.get(c, c) for c in folded)

    return fold, lambda text: "".join(traditional.get(c, c) for c in text)


def edges(run, probabilities):
    """For every start, the ends of the words that begin there, with their probabilities."""
    for start in range(len(run)):
        found = []
        for end in range(start + 1, min(len(run), start + LONGEST_WORD) + 1):
            probability = probabilities.get(run[start:end], 1e-9 if end == start + 1 else None)
            if probability:
                found.append((end, probability))
        yield found


def expected_counts(runs, probabilities):
    counts = collections.defaultdict(float)
    for run, times in runs.items():
        graph = list(edges(run, probabilities))
        before = [1.0] + [0.0] * len(run)
        for start, words in enumerate(graph):
            for end, probability in words:
                before[end] += before[start] * probability
        after = [0.0] * len(run) + [1.0]
        for start in reversed(range(len(run))):
            after[start] = sum(probability * after[end] for end, probability in graph[start])
        if before[-1] <= 0.0:
            continue
        for start, words in enumerate(graph):
            for end, probability in words:
                share = before[start] * probability * after[end] / before[-1]
                counts[run[start:end]] += times * share
    return counts


def cohesion(word, counts, total):
    best = [0.0] + [-math.inf] * len(word)
    for start in range(len(word)):
        for end in range(start + 1, len(word) + 1):
            count = counts.get(word[start:end], 0.0)
            if end - start < len(word) and count > 0.0:
                best[end] = max(best[end], best[start] + math.log(count / total))
    return math.log(counts[word] / total) - best[-1]


def usual(spellings, text):
    return spellings[0] if len(spellings) == 1 else max(spellings, key=text.count)


def main():
    data, built = Path(sys.argv[1]) / "pycantonese" / "data", Path(sys.argv[2])
    fold, to_traditional = read_characters(built / "characters.txt")
    general = {}
    for line in (built / "lexicon.txt").read_text(encoding="utf-8").splitlines():
        word, frequency = line.split(" ")
        general[word] = int(frequency)
    sentences = json.loads((data / "ctcpc" / "sents.json").read_text(encoding="utf-8"))
    text = "\n".join(sentences)
    spellings = collections.defaultdict(list)
    for word in json.loads((data / "rime_cantonese" / "chars_to_jyutping.json").read_text(encoding="utf-8")):
        if HAN.fullmatch(word) and len(word) <= LONGEST_WORD:
            spellings[fold(word)].append(word)
    runs = collections.Counter(fold(run) for run in HAN.findall(text))

    general_total = sum(general.values())
    weights = {w: f / general_total * 1e6 + 0.05 for w, f in general.items() if len(w) <= LONGEST_WORD}
    for word in spellings:
        weights[word] = max(weights.get(word, 0.0), 2.0 if len(word) > 1 else 5.0)
    counts = weights
    for _ in range(ITERATIONS):
        total = sum(counts.values())
        counts = expected_counts(runs, {w: c / total for w, c in counts.items() if c > 1e-3})
    total = sum(counts.values())
    scale = general_total / total
    occurrences = collections.Counter()
    for word, count in counts.items():
        for character in word:
            occurrences[character] += count

    rows = []
    for word, count in counts.items():
        frequency = round(count * scale)
        if count < COUNT_MIN or frequency < RAISE_MIN * general.get(word, 0):
            continue
        if len(word) == 1 and count < ALONE_MIN * occurrences[word]:
            continue
        if len(word) > 1 and cohesion(word, counts, total) < COHESION_MIN:
            continue
        known = spellings.get(word, [])
        spelling = usual(known, text) if known else to_traditional(word)
        rows.append((spelling, frequency, "rime-cantonese ctcpc" if known else "jieba ctcpc"))
    print("# Cantonese words, and how often they stand in Cantonese sentences, in the scale of words.tsv.")
    print("# Made by scripts/cantonese_words.py; put corrections into words.tsv, which wins.")
    print("word\tfreq\tsource")
    for row in sorted(rows, key=lambda row: (-row[1], row[0])):
        print("%s\t%d\t%s" % row)


if __name__ == "__main__":
    main()
