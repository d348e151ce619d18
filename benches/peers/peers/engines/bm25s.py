"""bm25s: sparse scores computed when indexing, as Lucene's BM25, over jieba's words."""

from importlib.metadata import version
from pathlib import Path

import bm25s

from peers.datasets import Document
from peers.engine import Engine


class Bm25sWords(Engine):
    """Words by jieba, any of them."""

    def version(self) -> str:
        return f"bm25s {version('bm25s')}"

    def build(self, documents: list[Document], folder: Path) -> None:
        self.index = bm25s.BM25(method="lucene")
        words = [self.script.words(document.text) for document in documents]
        self.index.index(words, show_progress=False)
        self.index.save(str(folder))
        self.ids = [document.id for document in documents]

    def search(self, text: str, depth: int) -> list[str]:
        known = [word for word in self.script.words(text) if word in self.index.vocab_dict]
        if not known:
            return []
        places, scores = self.index.retrieve([known], k=min(depth, len(self.ids)), show_progress=False)
        return [self.ids[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0.0]
