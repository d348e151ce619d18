"""A node of Sampan in a process of its own, and a client made from its protocol."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc
from grpc_tools import protoc

from peers.engine import Setting, Unavailable

PROTOCOL = ["item", "search", "admin"]
# Seconds that a node may take to start, to index, and to come to rest.
PATIENCE = 600.0
# Seconds between two looks at a node.
LOOK = 0.05
# A node rests when no thread of it wants a processor for as many looks, one after another.
IDLE_LOOKS = 40


class Node:
    """`sampan serve` on a free port of this machine."""

    def __init__(self, setting: Setting, folder: Path, encoder: bool) -> None:
        make_client(setting)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.address = f"http://{address}"
        command = [str(setting.sampan), "serve", "--data", str(folder), "--listen", address]
        if not encoder:
            command += ["--model", "none"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        channel = grpc.insecure_channel(address)
        self.messages: Any = import_module("sampan.v1.search_pb2")
        self.questions: Any = import_module("sampan.v1.admin_pb2")
        self.shop = import_module("sampan.v1.search_pb2_grpc").SearchServiceStub(channel)
        self.admin = import_module("sampan.v1.admin_pb2_grpc").AdminServiceStub(channel)

    def status(self) -> Any:
        """IndexStatusResponse, as soon as the node listens."""
        question = self.questions.IndexStatusRequest()
        return self.admin.IndexStatus(question, wait_for_ready=True, timeout=PATIENCE)

    def wait(self, reached: Callable[[Any], bool]) -> None:
        """Waits until its status is as it should be. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE
        while not reached(self.status()):
            if time.monotonic() > deadline:
                raise TimeoutError("the node does not index in time")
            time.sleep(LOOK)

    def rest(self) -> bool:
        """Waits until nothing is mined or merged any more; False when it did not come to that in time."""
        deadline = time.monotonic() + PATIENCE
        idle = 0
        while idle < IDLE_LOOKS:
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK)
            idle = 0 if self.is_running() else idle + 1
        return True

    def is_running(self) -> bool:
        """Whether a thread runs, or would if there were a processor for it."""
        return any(line.rpartition(") ")[2].startswith("R") for line in self.threads("stat"))

    def processor_seconds(self) -> float:
        return sum(int(line.split()[0]) for line in self.threads("schedstat")) / 1e9

    def threads(self, file: str) -> list[str]:
        """What the kernel says of each thread."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        lines = []
        for path in tasks.glob(f"*/{file}"):
            try:
                lines.append(path.read_text())
            except (FileNotFoundError, ProcessLookupError):
                # The thread has ended since it was listed.
                continue
        return lines

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def make_client(setting: Setting) -> None:
    """Compiles proto/sampan/v1 into the work folder. Raises Unavailable."""
    into = setting.work / "protocol"
    into.mkdir(parents=True, exist_ok=True)
    folders = [setting.repository / "proto", files("grpc_tools") / "_proto"]
    outputs = [f"--python_out={into}", f"--grpc_python_out={into}"]
    names = [f"sampan/v1/{name}.proto" for name in PROTOCOL]
    if protoc.main(["", *(f"-I{folder}" for folder in folders), *outputs, *names]) != 0:
        raise Unavailable("the protocol does not compile")
    if str(into) not in sys.path:
        sys.path.insert(0, str(into))
