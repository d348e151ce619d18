"""Time of queries, one after another, each engine warm."""

import time
from dataclasses import dataclass
from statistics import quantiles

from peers.engine import Engine

# Hits of a first page.
PAGE = 10
# One query of this many warms up, and is not counted.
WARM_UP = 6


@dataclass(frozen=True)
class Latency:
    """Milliseconds at the median and the 99th percentile."""

    p50: float
    p99: float


def time_queries(engine: Engine, queries: list[str]) -> dict[str, Latency]:
    """Wall clock, processor time, and the engine's own count where it has one."""
    for query in queries[::WARM_UP]:
        engine.search(query, PAGE)
    seconds: dict[str, list[float]] = {"wall": [], "processor": [], "inside": []}
    for place, query in enumerate(queries):
        if place % WARM_UP == 0:
            continue
        used = engine.processor_seconds()
        began = time.perf_counter()
        engine.search(query, PAGE)
        seconds["wall"].append(time.perf_counter() - began)
        seconds["processor"].append(engine.processor_seconds() - used)
        inside = engine.inside_seconds()
        if inside is not None:
            seconds["inside"].append(inside)
    return {kind: latency(values) for kind, values in seconds.items() if values}


def latency(seconds: list[float]) -> Latency:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return Latency(cuts[49] * 1e3, cuts[98] * 1e3)
