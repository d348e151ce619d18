"""Sampan as a shop runs it: `sampan serve`, `sampan import`, and searches over gRPC."""

import json
import subprocess
from pathlib import Path

from peers.datasets import Document
from peers.engine import Engine, Unavailable
from peers.sampan_node import Node

REGION = "hk"
MAP = Path(__file__).with_name("sampan.map.toml")


class Sampan(Engine):
    """Subclasses say which recall, and whether the node has an encoder."""

    recall: str
    encoder: bool

    def version(self) -> str:
        if not self.setting.sampan.exists():
            raise Unavailable(f"no {self.setting.sampan.name}: cargo build --release --workspace")
        said = subprocess.run([self.setting.sampan, "--version"], capture_output=True, check=True)
        return said.stdout.decode().strip()

    def build(self, documents: list[Document], folder: Path) -> None:
        self.node = Node(self.setting, folder, self.encoder)
        self.opened.callback(self.node.stop)
        encoder = self.node.status().encoder
        if self.encoder and not encoder.name:
            raise Unavailable(encoder.problem or "no encoder: sampan model fetch")
        items = folder.parent / "items.jsonl"
        write_items(documents, items)
        address = ["--address", self.node.address]
        subprocess.run(
            [self.setting.sampan, "import", items, "--map", MAP, *address],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.node.wait(lambda status: status.sequence_visible >= status.sequence_written)
        if self.encoder:
            self.node.wait(lambda status: status.vectors >= status.items)

    def rest(self) -> bool:
        return self.node.rest()

    def search(self, text: str, depth: int) -> list[str]:
        request = self.node.messages.SearchRequest(
            text=text, region=REGION, page_size=depth, recall_mode=self.recall
        )
        answer = self.node.shop.Search(request)
        self.inside = sum(stage.micros for stage in answer.timings) / 1e6
        return [hit.item_id for hit in answer.hits]

    def processor_seconds(self) -> float:
        """The node's; the client's own is left out."""
        return self.node.processor_seconds()

    def inside_seconds(self) -> float:
        return self.inside


class SampanWords(Sampan):
    """Words alone, on a node without an encoder."""

    recall = "RECALL_MODE_LEXICAL"
    encoder = False


class SampanHybrid(Sampan):
    """Words and vectors, as a node with the encoder answers by default."""

    recall = "RECALL_MODE_HYBRID"
    encoder = True


def write_items(documents: list[Document], path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for item in documents:
            fields = {"id": item.id, "title": item.title, "brand": item.brand}
            lines.write(json.dumps(fields, ensure_ascii=False) + "\n")
