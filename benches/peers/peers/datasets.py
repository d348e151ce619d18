"""Catalogues, queries and judgements, read from a data folder that stays where it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from peers.text import convert

Judgements = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Document:
    """An item: `brand` is "" where the catalogue has none."""

    id: str
    title: str
    brand: str

    @property
    def text(self) -> str:
        """What a peer indexes: one field, as most shops begin."""
        return f"{self.brand} {self.title}".strip()


@dataclass(frozen=True)
class Task:
    """Judged queries of one catalogue."""

    key: str
    label: str
    catalogue: str
    queries: dict[str, str]
    judgements: Judgements


@dataclass(frozen=True)
class Data:
    """Everything that rows are measured on."""

    catalogues: dict[str, list[Document]]
    tasks: list[Task]
    # Queries of a real log, spread evenly over it.
    log: list[str]


# Catalogue whose index is timed with the log's queries.
TIMED_CATALOGUE = "taobao"


def read_data(folder: Path, logged_queries: int) -> Data:
    """Reads the folder. Raises FileNotFoundError naming what is not there."""
    supermarket = folder / "pricewatch"
    market = folder / "taobao"
    titles = read_titles(market / "titles.tsv")
    catalogues = {
        "pricewatch": read_supermarket(supermarket / "products.jsonl"),
        "taobao": titles,
        "taobao_traditional": [
            Document(document.id, convert("s2t", document.title), "") for document in titles
        ],
    }
    queries = read_queries(market / "queries.dev.tsv")
    judgements = read_judgements(market / "qrels.dev.tsv")
    tasks = [
        supermarket_task(supermarket, "brand", "supermarket, brands in Simplified"),
        supermarket_task(supermarket, "category", "supermarket, category labels in Simplified"),
        Task("market", "marketplace as it is", "taobao", queries, judgements),
        Task(
            "market_titles",
            "marketplace, titles in Traditional",
            "taobao_traditional",
            queries,
            judgements,
        ),
        Task(
            "market_queries",
            "marketplace, queries in Traditional",
            "taobao",
            changed(queries, partial(convert, "s2t")),
            judgements,
        ),
    ]
    return Data(catalogues, tasks, read_log(market / "query_log.txt", logged_queries))


def read_supermarket(path: Path) -> list[Document]:
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [Document(record["code"], record["name"]["tc"], record["brand"]["tc"]) for record in records]


def read_titles(path: Path) -> list[Document]:
    rows = [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")]
    return [Document(row[0], row[2], "") for row in rows]


def supermarket_task(folder: Path, kind: str, label: str) -> Task:
    return Task(
        kind,
        label,
        "pricewatch",
        read_queries(folder / f"{kind}_simplified.queries.tsv"),
        read_judgements(folder / f"{kind}_simplified.qrels.tsv"),
    )


def read_queries(path: Path) -> dict[str, str]:
    rows = [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")]
    return {row[0]: row[1] for row in rows}


def read_judgements(path: Path) -> Judgements:
    judgements: Judgements = {}
    for line in path.open(encoding="utf-8"):
        query, _, document, grade = line.split()
        judgements.setdefault(query, {})[document] = int(grade)
    return judgements


def read_log(path: Path, count: int) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    count = min(count, len(lines))
    return [lines[place * len(lines) // count] for place in range(count)]


def changed(queries: dict[str, str], change: Callable[[str], str]) -> dict[str, str]:
    return {query: change(text) for query, text in queries.items()}
