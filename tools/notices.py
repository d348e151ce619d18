#!/usr/bin/env python3
"""Writes THIRD-PARTY.md: every library that the sampan binary links, with its licence, from `cargo metadata`.

    python3 tools/notices.py            write it
    python3 tools/notices.py --check    exit 1 when it is out of date
"""

import json
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
TARGET = TOP / "THIRD-PARTY.md"
HEAD = """# Third-party notices

Sampan is licensed under Apache-2.0 (LICENSE). The `sampan` binary contains or links what follows; each part stays under
its own licence. Made by `python3 tools/notices.py`; the sources of the dictionaries are in dictionaries/SOURCES.md.

## OpenCC

OpenCC 1.4.2 (library and dictionaries), Apache-2.0, https://github.com/BYVoid/OpenCC, with marisa-trie (BSD-2-Clause or
LGPL-2.1-or-later; used under BSD-2-Clause). `tools/setup.sh` fetches it; its licence lies in third_party/opencc/LICENSE.

## Rust libraries

| library | version | licence | source |
|---|---|---|---|
"""


def linked_packages():
    metadata = json.loads(
        subprocess.check_output(
            ["cargo", "metadata", "--format-version", "1", "--locked",
             "--filter-platform", "x86_64-unknown-linux-gnu"],
            cwd=TOP,
        )
    )
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    open_ids = [p["id"] for p in metadata["packages"] if p["name"] == "sampan"]
    linked = set()
    while open_ids:
        node = open_ids.pop()
        if node in linked:
            continue
        linked.add(node)
        for dependency in nodes[node]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                open_ids.append(dependency["pkg"])
    return sorted(
        (packages[i] for i in linked if packages[i]["source"]),
        key=lambda package: (package["name"], package["version"]),
    )


def main():
    rows = "".join(
        f"| {p['name']} | {p['version']} | {p['license'] or 'see its LICENSE file'} | {p['repository'] or ''} |\n"
        for p in linked_packages()
    )
    text = HEAD + rows
    if "--check" in sys.argv:
        if TARGET.read_text(encoding="utf-8") != text:
            sys.exit("THIRD-PARTY.md is out of date: run python3 tools/notices.py")
    else:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
