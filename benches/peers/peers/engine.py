"""What a row of the table does, and what it reports when it cannot."""

import time
from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from peers.datasets import Document
from peers.text import Script


class Unavailable(Exception):
    """The engine is not on this machine; the text says what would bring it."""


@dataclass(frozen=True)
class Setting:
    """What engines are told by the command line."""

    # Folder for what may be made again: environment, indexes, vectors.
    work: Path
    # The program of Sampan.
    sampan: Path
    # Folder of this repository.
    repository: Path


class Engine(ABC):
    """One engine in one configuration. Everything that is done to a text counts as its work, at both ends."""

    def __init__(self, setting: Setting, script: Script) -> None:
        self.setting = setting
        self.script = script
        # Seconds that building would have taken on top, had an earlier row not done a part of it.
        self.spared = 0.0
        # What must be ended after use.
        self.opened = ExitStack()

    @abstractmethod
    def version(self) -> str:
        """Name and version of the engine. Raises Unavailable."""

    @abstractmethod
    def build(self, documents: list[Document], folder: Path) -> None:
        """Indexes into an empty folder; every document can be found when it returns. Raises Unavailable."""

    def rest(self) -> bool:
        """Waits until nothing goes on in the background; False when it did not come to that in time."""
        return True

    @abstractmethod
    def search(self, text: str, depth: int) -> list[str]:
        """Ids of at most `depth` documents, best first."""

    def processor_seconds(self) -> float:
        """Processor time of everything that answers, so far."""
        return time.process_time()

    def inside_seconds(self) -> float | None:
        """Time of the last search as the engine itself counts it; None: it does not say."""
        return None

    def close(self) -> None:
        """Ends what `build` began."""
        self.opened.close()
