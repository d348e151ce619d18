"""How texts are made ready for engines that do not cut or fold Chinese themselves."""

import unicodedata
from functools import cache

import opencc
import rjieba


@cache
def converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)


def convert(configuration: str, text: str) -> str:
    """A text in another script, by an OpenCC configuration ("s2t")."""
    return converter(configuration).convert(text)


class Script:
    """What is done about scripts to both sides of a search: texts as written, or all folded to Simplified."""

    def __init__(self, folded: bool) -> None:
        self.folded = folded

    def text(self, written: str) -> str:
        """The text with case, for models that know case."""
        return convert("t2s", written) if self.folded else written

    def normal(self, written: str) -> str:
        """The text without differences of width and case."""
        return self.text(unicodedata.normalize("NFKC", written).lower())

    def words(self, written: str) -> list[str]:
        """Words by jieba in its search mode (long words and those within them), no punctuation."""
        cut = rjieba.cut_for_search(self.normal(written), True)
        return [word for word in cut if is_word(word)]


def is_word(token: str) -> bool:
    return any(character.isalnum() for character in token)
