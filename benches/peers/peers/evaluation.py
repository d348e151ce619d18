"""One row: indexes every catalogue, asks every task, and times the log's queries."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from peers.datasets import TIMED_CATALOGUE, Data
from peers.engine import Engine, Setting
from peers.measures import DEPTH, measure
from peers.rows import Row
from peers.timing import Latency, time_queries


@dataclass
class Build:
    """What an index took."""

    items: int
    seconds: float
    # On disk, as blocks that are used.
    bytes: int


@dataclass
class Figures:
    """What a row came to. `problem`: why there are no figures, "" when there are."""

    key: str
    label: str
    folded: bool
    version: str = ""
    problem: str = ""
    # Catalogues whose queries ran beside work in the background.
    restless: list[str] = field(default_factory=list)
    builds: dict[str, Build] = field(default_factory=dict)
    quality: dict[str, dict[str, float]] = field(default_factory=dict)
    latency: dict[str, Latency] = field(default_factory=dict)


def evaluate(row: Row, setting: Setting, data: Data, with_quality: bool) -> Figures:
    """Measures a row. Raises what the engine raises; Unavailable and ImportError: it is not installed."""
    figures = Figures(row.key, row.label, row.folded)
    figures.version = row.make(setting).version()
    names = list(data.catalogues) if with_quality else [TIMED_CATALOGUE]
    for name in names:
        evaluate_catalogue(row, setting, data, name, with_quality, figures)
    return figures


def evaluate_catalogue(
    row: Row, setting: Setting, data: Data, name: str, with_quality: bool, figures: Figures
) -> None:
    folder = setting.work / "indexes" / row.key
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "index").mkdir(parents=True)
    documents = data.catalogues[name]
    engine = row.make(setting)
    try:
        began = time.perf_counter()
        engine.build(documents, folder / "index")
        seconds = time.perf_counter() - began + engine.spared
        if not engine.rest():
            figures.restless.append(name)
        figures.builds[name] = Build(len(documents), seconds, bytes_on_disk(folder / "index"))
        if with_quality:
            measure_tasks(engine, data, name, figures)
        if name == TIMED_CATALOGUE:
            figures.latency = time_queries(engine, data.log)
    finally:
        engine.close()
        shutil.rmtree(folder)


def measure_tasks(engine: Engine, data: Data, catalogue: str, figures: Figures) -> None:
    for task in data.tasks:
        if task.catalogue == catalogue:
            run = {query: engine.search(text, DEPTH) for query, text in task.queries.items()}
            figures.quality[task.key] = measure(task.judgements, run)


def bytes_on_disk(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
