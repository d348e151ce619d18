"""The tables: what is found, and what it costs; aligned for a terminal, or Markdown."""

import unicodedata
from collections.abc import Sequence

from peers.evaluation import Figures

# Column of the quality table: task, measure, heading.
QUALITY = [
    ("brand", "recall_10", "brands R@10"),
    ("brand", "mrr_10", "MRR"),
    ("category", "recall_10", "labels R@10"),
    ("category", "recall_100", "R@100"),
    ("category", "ndcg_10", "nDCG"),
    ("market", "recall_100", "market R@100"),
    ("market", "mrr_10", "MRR"),
    ("market", "ndcg_10", "nDCG"),
    ("market_titles", "mrr_10", "titles Trad. MRR"),
    ("market_queries", "mrr_10", "queries Trad. MRR"),
]
COST = [
    "wall p50 ms",
    "p99",
    "processor p50 ms",
    "p99",
    "items/s",
    "MB",
]
Rows = list[list[str]]


def name(figures: Figures) -> str:
    return f"{figures.label}, folded" if figures.folded else figures.label


def quality(table: Sequence[Figures]) -> Rows:
    """Rows of figures, a heading first."""
    rows = [["", *(heading for _, _, heading in QUALITY), "finds nothing"]]
    for figures in table:
        if figures.quality:
            values = [f"{figures.quality[task][kind]:.3f}" for task, kind, _ in QUALITY]
            zero = [one["zero"] for one in figures.quality.values()]
            rows.append([name(figures), *values, f"{sum(zero) / len(zero):.1%}"])
    return rows


def cost(table: Sequence[Figures], catalogue: str) -> Rows:
    """Rows of figures, a heading first."""
    rows = [["", *COST]]
    for figures in table:
        if figures.latency:
            build = figures.builds[catalogue]
            wall, processor = figures.latency["wall"], figures.latency["processor"]
            times = [wall.p50, wall.p99, processor.p50, processor.p99]
            rate = f"{build.items / build.seconds:,.0f}"
            size = f"{build.bytes / 1e6:.1f}"
            rows.append([name(figures), *(f"{value:.2f}" for value in times), rate, size])
    return rows


def notes(table: Sequence[Figures]) -> list[str]:
    """Versions, what engines say of themselves, and what could not be measured."""
    versions = dict.fromkeys(figures.version for figures in table if figures.version)
    lines = [", ".join(versions)] if versions else []
    lines += [
        f"{name(figures)}: by its own count {inside.p50:.2f} ms (p50), {inside.p99:.2f} ms (p99)"
        for figures in table
        if (inside := figures.latency.get("inside"))
    ]
    lines += [
        f"{name(figures)}: still busy in the background while asked: {', '.join(figures.restless)}"
        for figures in table
        if figures.restless
    ]
    lines += [f"{name(figures)}: not measured: {figures.problem}" for figures in table if figures.problem]
    return lines


def aligned(rows: Rows) -> str:
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - width(row[0]))
        rest = (" " * (wide - width(cell)) + cell for wide, cell in zip(widths[1:], row[1:], strict=True))
        lines.append("  ".join([first, *rest]))
    lines.insert(1, "─" * width(lines[0]))
    return "\n".join(lines)


def markdown(rows: Rows) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines)


def width(text: str) -> int:
    """Columns of a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
