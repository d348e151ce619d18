"""Xapian by its Python bindings, with its BM25."""

from pathlib import Path

import xapian

from peers.datasets import Document
from peers.engine import Engine


class Xapian(Engine):
    """Documents carry their id as data; subclasses say what is indexed and how a query is understood."""

    def version(self) -> str:
        return f"Xapian {xapian.version_string()}"

    def terms_of(self, text: str) -> xapian.Document:
        raise NotImplementedError

    def query_of(self, text: str) -> xapian.Query:
        """Any term that a document of the same text would have."""
        document = self.terms_of(text)
        terms = [item.term for item in document.termlist()]
        return xapian.Query(xapian.Query.OP_OR, terms)

    def build(self, documents: list[Document], folder: Path) -> None:
        database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OVERWRITE)
        for document in documents:
            indexed = self.terms_of(document.text)
            indexed.set_data(document.id)
            database.add_document(indexed)
        database.commit()
        self.database = xapian.Database(str(folder))

    def search(self, text: str, depth: int) -> list[str]:
        enquire = xapian.Enquire(self.database)
        enquire.set_query(self.query_of(text))
        return [match.document.get_data().decode() for match in enquire.get_mset(0, depth)]


class XapianGramsAny(Xapian):
    """Xapian's own n-grams of Chinese (single characters and pairs), any of them."""

    def terms_of(self, text: str) -> xapian.Document:
        document = xapian.Document()
        generator = xapian.TermGenerator()
        generator.set_flags(xapian.TermGenerator.FLAG_NGRAMS)
        generator.set_document(document)
        generator.index_text_without_positions(self.script.normal(text))
        return document


class XapianGramsParsed(XapianGramsAny):
    """The same index asked through Xapian's query parser, which wants every n-gram of a run of Chinese."""

    def query_of(self, text: str) -> xapian.Query:
        parser = xapian.QueryParser()
        parser.set_database(self.database)
        return parser.parse_query(self.script.normal(text), xapian.QueryParser.FLAG_NGRAMS)


class XapianWords(Xapian):
    """Words by jieba, any of them."""

    def terms_of(self, text: str) -> xapian.Document:
        document = xapian.Document()
        for word in self.script.words(text):
            document.add_term(word)
        return document
