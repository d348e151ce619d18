"""Quality of a run, by ir-measures."""

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from peers.datasets import Judgements

# Hits that are asked for a query.
DEPTH = 100
MEASURES = {R @ 10: "recall_10", R @ 100: "recall_100", RR @ 10: "mrr_10", nDCG @ 10: "ndcg_10"}
# Hits that a recall is counted over.
CUTOFF = {"recall_10": 10, "recall_100": 100}

# Document ids by query, best first.
Run = dict[str, list[str]]


def measure(judgements: Judgements, run: Run) -> dict[str, float]:
    """Means over all judged queries; one that found nothing counts as zero."""
    qrels = [
        Qrel(query, document, grade)
        for query, grades in judgements.items()
        for document, grade in grades.items()
    ]
    scored = [
        ScoredDoc(query, document, -float(rank))
        for query, documents in run.items()
        for rank, document in enumerate(documents)
    ]
    sums = dict.fromkeys(MEASURES.values(), 0.0)
    for metric in ir_measures.iter_calc(list(MEASURES), qrels, scored):
        name = MEASURES[metric.measure]
        sums[name] += metric.value * share(name, judgements[metric.query_id])
    means = {name: total / len(judgements) for name, total in sums.items()}
    means["zero"] = sum(not run.get(query) for query in judgements) / len(judgements)
    return means


def share(name: str, grades: dict[str, int]) -> float:
    """Makes recall of all relevant documents into recall of as many as fit: hits ÷ min(k, relevant)."""
    relevant = sum(grade > 0 for grade in grades.values())
    if name not in CUTOFF or not relevant:
        return 1.0
    return relevant / min(CUTOFF[name], relevant)
