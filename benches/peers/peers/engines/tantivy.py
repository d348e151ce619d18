"""tantivy by its Python package: BM25 over one field, any term of the query."""

from importlib.metadata import version
from pathlib import Path

import tantivy

from peers.datasets import Document
from peers.engine import Engine

# Bytes that the writer may fill before it flushes a segment: the package's default.
WRITER_BYTES = 128_000_000


class Tantivy(Engine):
    """Terms come from one of tantivy's own tokenizers, over a text that subclasses make ready."""

    tokenizer: tantivy.Tokenizer

    def version(self) -> str:
        return f"tantivy {version('tantivy')}"

    def ready(self, text: str) -> str:
        raise NotImplementedError

    def build(self, documents: list[Document], folder: Path) -> None:
        self.analyzer = tantivy.TextAnalyzerBuilder(self.tokenizer).build()
        fields = tantivy.SchemaBuilder()
        fields.add_integer_field("number", fast=True)
        fields.add_text_field("text", tokenizer_name="own", index_option="freq")
        self.schema = fields.build()
        index = tantivy.Index(self.schema, path=str(folder))
        index.register_tokenizer("own", self.analyzer)
        writer = index.writer(WRITER_BYTES, num_threads=1)
        for number, document in enumerate(documents):
            writer.add_document(tantivy.Document(number=number, text=self.ready(document.text)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()
        self.ids = [document.id for document in documents]

    def search(self, text: str, depth: int) -> list[str]:
        terms = dict.fromkeys(self.analyzer.analyze(self.ready(text)))
        any_term = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self.schema, "text", term, "freq"))
                for term in terms
            ]
        )
        hits = self.searcher.search(any_term, depth, count=False).hits
        numbers = self.searcher.fast_field_values("number", [address for _, address in hits])
        return [self.ids[number] for number in numbers]


class TantivyWords(Tantivy):
    """Words by jieba."""

    tokenizer = tantivy.Tokenizer.whitespace()

    def ready(self, text: str) -> str:
        return " ".join(self.script.words(text))


class TantivyGrams(Tantivy):
    """Single characters and pairs, by tantivy's n-gram tokenizer."""

    tokenizer = tantivy.Tokenizer.ngram(1, 2)

    def ready(self, text: str) -> str:
        return self.script.normal(text)
