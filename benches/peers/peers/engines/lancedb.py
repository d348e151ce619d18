"""LanceDB: its own full-text index (BM25), exact search of vectors, and both by its default reranker."""

from importlib.metadata import version
from pathlib import Path

import lancedb
import pyarrow
from lancedb.index import FTS
from lancedb.rerankers import RRFReranker

from peers.datasets import Document
from peers.engine import Engine
from peers.sentences import Sentences

# Numbers of a vector.
DIMENSIONS = 512


class LanceDb(Engine):
    """Subclasses say which columns there are and how they are asked."""

    def version(self) -> str:
        return f"LanceDB {version('lancedb')}"

    def columns(self, documents: list[Document]) -> dict[str, pyarrow.Array]:
        raise NotImplementedError

    def text_index(self) -> FTS | None:
        return None

    def asked(self, text: str) -> lancedb.query.LanceQueryBuilder | None:
        """None: nothing to look for."""
        raise NotImplementedError

    def build(self, documents: list[Document], folder: Path) -> None:
        ids = pyarrow.array([document.id for document in documents])
        columns = pyarrow.table({"id": ids, **self.columns(documents)})
        self.table = lancedb.connect(folder).create_table("items", data=columns)
        text_index = self.text_index()
        if text_index:
            self.table.create_index("text", config=text_index)

    def search(self, text: str, depth: int) -> list[str]:
        query = self.asked(text)
        return query.limit(depth).to_arrow()["id"].to_pylist() if query else []


class LanceDbText(LanceDb):
    """Texts alone."""

    def ready(self, text: str) -> str:
        raise NotImplementedError

    def columns(self, documents: list[Document]) -> dict[str, pyarrow.Array]:
        return {"text": pyarrow.array([self.ready(document.text) for document in documents])}

    def asked(self, text: str) -> lancedb.query.LanceQueryBuilder | None:
        ready = self.ready(text)
        return self.table.search(ready, query_type="fts").select(["id", "_score"]) if ready else None


class LanceDbWords(LanceDbText):
    """Words by jieba, set apart by spaces, any of them."""

    def ready(self, text: str) -> str:
        return " ".join(self.script.words(text))

    def text_index(self) -> FTS:
        return FTS(base_tokenizer="whitespace", stem=False, remove_stop_words=False)


class LanceDbGrams(LanceDbText):
    """Single characters and pairs by LanceDB's n-gram tokenizer, any of them."""

    def ready(self, text: str) -> str:
        return self.script.normal(text).strip()

    def text_index(self) -> FTS:
        return FTS(
            base_tokenizer="ngram",
            ngram_min_length=1,
            ngram_max_length=2,
            stem=False,
            remove_stop_words=False,
        )


class LanceDbVectors(LanceDb):
    """The sentence encoder alone, every vector compared: at this size its manual advises no index."""

    def columns(self, documents: list[Document]) -> dict[str, pyarrow.Array]:
        self.sentences = Sentences(self.setting.work)
        texts = [self.script.text(document.text) for document in documents]
        vectors, self.spared = self.sentences.documents(texts)
        numbers = pyarrow.array(vectors.ravel(), pyarrow.float32())
        return {"vector": pyarrow.FixedSizeListArray.from_arrays(numbers, DIMENSIONS)}

    def asked(self, text: str) -> lancedb.query.LanceQueryBuilder:
        vector = self.sentences.query(self.script.text(text))
        found = self.table.search(vector).distance_type("cosine")
        return found.select(["id", "_distance"])


class LanceDbHybrid(LanceDbGrams):
    """Grams and vectors, joined by reciprocal ranks."""

    def columns(self, documents: list[Document]) -> dict[str, pyarrow.Array]:
        self.vectors = LanceDbVectors(self.setting, self.script)
        vectors = self.vectors.columns(documents)
        self.spared = self.vectors.spared
        return {**super().columns(documents), **vectors}

    def asked(self, text: str) -> lancedb.query.LanceQueryBuilder:
        vector = self.vectors.sentences.query(self.script.text(text))
        both = self.table.search(query_type="hybrid").vector(vector).text(self.ready(text))
        return both.distance_type("cosine").rerank(RRFReranker())
