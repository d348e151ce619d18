"""SQLite's FTS5 with its BM25, through Python's standard library."""

import sqlite3
from pathlib import Path

from peers.datasets import Document
from peers.engine import Engine

# Characters of the shortest text that the trigram tokenizer can find.
TRIGRAM = 3


class Fts5(Engine):
    """Subclasses say how texts are cut and what a query matches."""

    tokenize: str

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def ready(self, text: str) -> str:
        raise NotImplementedError

    def terms(self, text: str) -> list[str]:
        raise NotImplementedError

    def build(self, documents: list[Document], folder: Path) -> None:
        self.database = sqlite3.connect(folder / "items.sqlite")
        self.opened.callback(self.database.close)
        self.database.execute(
            f"CREATE VIRTUAL TABLE items USING fts5(id UNINDEXED, text, tokenize='{self.tokenize}')"
        )
        rows = ((document.id, self.ready(document.text)) for document in documents)
        with self.database:
            self.database.executemany("INSERT INTO items VALUES (?, ?)", rows)
            self.database.execute("INSERT INTO items(items) VALUES ('optimize')")

    def search(self, text: str, depth: int) -> list[str]:
        terms = self.terms(text)
        if not terms:
            return self.search_without_terms(text, depth)
        quoted = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        return self.ids("items MATCH ? ORDER BY rank", quoted, depth)

    def search_without_terms(self, text: str, depth: int) -> list[str]:
        return []

    def ids(self, condition: str, value: str, depth: int) -> list[str]:
        rows = self.database.execute(f"SELECT id FROM items WHERE {condition} LIMIT ?", (value, depth))
        return [row[0] for row in rows]


class Fts5Trigrams(Fts5):
    """The trigram tokenizer, any trigram; one or two characters are looked for with LIKE."""

    tokenize = "trigram"

    def ready(self, text: str) -> str:
        return self.script.normal(text)

    def terms(self, text: str) -> list[str]:
        return [
            word[start : start + TRIGRAM]
            for word in self.ready(text).split()
            for start in range(len(word) - TRIGRAM + 1)
        ]

    def search_without_terms(self, text: str, depth: int) -> list[str]:
        plain = self.ready(text).strip().replace("%", "").replace("_", "")
        return self.ids("text LIKE ?", f"%{plain}%", depth) if plain else []


class Fts5Words(Fts5):
    """Words by jieba, set apart by spaces, any of them."""

    tokenize = "unicode61"

    def ready(self, text: str) -> str:
        return " ".join(self.script.words(text))

    def terms(self, text: str) -> list[str]:
        return self.script.words(text)
