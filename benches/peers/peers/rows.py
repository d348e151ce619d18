"""The rows of the table, in their order."""

from dataclasses import dataclass
from importlib import import_module

from peers.engine import Engine, Setting
from peers.text import Script


@dataclass(frozen=True)
class Row:
    """One engine in one configuration."""

    # What --only takes, and the file below engines/.
    engine: str
    # Class in that file.
    configuration: str
    label: str
    folded: bool

    @property
    def key(self) -> str:
        return f"{self.configuration}-{'folded' if self.folded else 'written'}"

    def make(self, setting: Setting) -> Engine:
        """The engine. Raises ImportError where its package is not installed."""
        module = import_module(f"peers.engines.{self.engine}")
        return getattr(module, self.configuration)(setting, Script(self.folded))


# Engine, configuration, label. Each is measured with texts as written and with both sides folded.
PEERS = [
    ("tantivy", "TantivyWords", "tantivy, jieba words"),
    ("tantivy", "TantivyGrams", "tantivy, 1–2-grams"),
    ("groonga", "GroongaPhrases", "Groonga, TokenBigram, phrases"),
    ("groonga", "GroongaBigramsAny", "Groonga, TokenBigram, any"),
    ("groonga", "GroongaMecabAny", "Groonga, TokenMecab, any"),
    ("xapian", "XapianGramsParsed", "Xapian, n-grams, parser"),
    ("xapian", "XapianGramsAny", "Xapian, n-grams, any"),
    ("xapian", "XapianWords", "Xapian, jieba words"),
    ("bm25s", "Bm25sWords", "bm25s, jieba words"),
    ("sqlite_fts5", "Fts5Trigrams", "FTS5, trigrams"),
    ("sqlite_fts5", "Fts5Words", "FTS5, jieba words"),
    ("lancedb", "LanceDbWords", "LanceDB, jieba words"),
    ("lancedb", "LanceDbGrams", "LanceDB, 1–2-grams"),
    ("lancedb", "LanceDbVectors", "LanceDB, vectors"),
    ("lancedb", "LanceDbHybrid", "LanceDB, 1–2-grams + vectors"),
]
# Sampan takes texts as they are.
OURS = [
    ("sampan", "SampanWords", "Sampan, words"),
    ("sampan", "SampanHybrid", "Sampan, words + vectors"),
]

ROWS = [
    Row(engine, configuration, label, folded)
    for engine, configuration, label in PEERS
    for folded in (False, True)
] + [Row(engine, configuration, label, False) for engine, configuration, label in OURS]
ENGINES = list(dict.fromkeys(row.engine for row in ROWS))
