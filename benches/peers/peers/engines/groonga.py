"""Groonga through its C library: commands as its manual has them, in this process."""

import ctypes
import json
from pathlib import Path
from typing import Any

from peers.datasets import Document
from peers.engine import Engine, Unavailable

LIBRARY = "libgroonga.so.0"
PACKAGES = ["libgroonga0", "groonga-tokenizer-mecab"]
INSTALL = ["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES]
NORMALIZER = "NormalizerNFKC150"


class Commands:
    """A database of Groonga that takes commands and gives their answers."""

    def __init__(self) -> None:
        try:
            self.groonga = ctypes.CDLL(LIBRARY)
        except OSError as problem:
            raise Unavailable(f"no {LIBRARY}: {' '.join(INSTALL)}") from problem
        self.groonga.grn_ctx_open.restype = ctypes.c_void_p
        self.groonga.grn_db_create.restype = ctypes.c_void_p
        self.groonga.grn_get_version.restype = ctypes.c_char_p
        self.groonga.grn_init()
        self.context = ctypes.c_void_p(self.groonga.grn_ctx_open(0))

    def version(self) -> str:
        return self.groonga.grn_get_version().decode()

    def create(self, path: Path) -> None:
        self.groonga.grn_db_create(self.context, str(path).encode(), None)

    def run(self, command: str, **arguments: str) -> Any:
        """The answer to a command. Raises RuntimeError with Groonga's words."""
        parts = [f"--{name} {quoted(value)}" for name, value in arguments.items()]
        line = " ".join([command, *parts]).encode()
        self.groonga.grn_ctx_send(self.context, line, ctypes.c_uint(len(line)), 0)
        answer, size, flags = ctypes.c_void_p(), ctypes.c_uint(), ctypes.c_int()
        failure = self.groonga.grn_ctx_recv(
            self.context, ctypes.byref(answer), ctypes.byref(size), ctypes.byref(flags)
        )
        text = ctypes.string_at(answer.value, size.value).decode() if answer.value else ""
        if failure:
            raise RuntimeError(f"groonga {command}: {failure} {text}")
        return json.loads(text)

    def close(self) -> None:
        self.groonga.grn_ctx_close(self.context)


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


class Groonga(Engine):
    """One text column and its index; scores are TF-IDF, Groonga's scorer for text."""

    tokenizer: str

    def version(self) -> str:
        return f"Groonga {Commands().version()}"

    def query_of(self, text: str) -> str:
        """A query in Groonga's syntax; "": nothing to look for."""
        raise NotImplementedError

    def build(self, documents: list[Document], folder: Path) -> None:
        self.commands = Commands()
        self.opened.callback(self.commands.close)
        self.commands.create(folder / "items.groonga")
        run = self.commands.run
        if not any(one["name"] == self.tokenizer for one in run("tokenizer_list")):
            raise Unavailable(f"no {self.tokenizer}: {' '.join(INSTALL)}")
        run("table_create Items TABLE_HASH_KEY ShortText")
        run("column_create Items text COLUMN_SCALAR ShortText")
        rows = [[document.id, self.script.normal(document.text)] for document in documents]
        run("load --table Items --columns _key,text", values=json.dumps(rows, ensure_ascii=False))
        run(
            "table_create Terms TABLE_PAT_KEY ShortText",
            default_tokenizer=self.tokenizer,
            normalizer=NORMALIZER,
        )
        run("column_create Terms items COLUMN_INDEX|WITH_POSITION Items text")

    def search(self, text: str, depth: int) -> list[str]:
        query = self.query_of(self.script.normal(text))
        if not query:
            return []
        answer = self.commands.run(
            "select Items --sort_keys -_score --output_columns _key",
            match_columns="scorer_tf_idf(text)",
            query=query,
            limit=str(depth),
        )
        _, _, *rows = answer[0]
        return [row[0] for row in rows]


class GroongaPhrases(Groonga):
    """As it comes: each word between spaces is a phrase of pairs, and all must match."""

    tokenizer = "TokenBigram"

    def query_of(self, text: str) -> str:
        return " ".join(quoted(word) for word in text.split())


class GroongaAny(Groonga):
    """Any token of the query, cut by the tokenizer of the index."""

    def query_of(self, text: str) -> str:
        tokens = self.commands.run(
            f"tokenize {self.tokenizer}", string=text, normalizer=NORMALIZER, mode="GET"
        )
        values = dict.fromkeys(token["value"] for token in tokens)
        return " OR ".join(quoted(value) for value in values if value.strip())


class GroongaBigramsAny(GroongaAny):
    """Pairs of characters."""

    tokenizer = "TokenBigram"


class GroongaMecabAny(GroongaAny):
    """MeCab's words, by its dictionary of Japanese."""

    tokenizer = "TokenMecab"
