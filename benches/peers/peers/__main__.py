"""The command: measures the rows one after another, each in a process of its own, and prints the tables."""

import argparse
import dataclasses
import datetime
import json
import multiprocessing
import os
import platform
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
# Libraries that would use more threads are told not to, before they are loaded.
ONE_THREAD = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "LANCE_CPU_THREADS"]
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))

from peers import tables  # noqa: E402
from peers.datasets import TIMED_CATALOGUE, Data, read_data  # noqa: E402
from peers.engine import Setting, Unavailable  # noqa: E402
from peers.engines.groonga import INSTALL  # noqa: E402
from peers.evaluation import Figures, evaluate  # noqa: E402
from peers.rows import ENGINES, ROWS, Row  # noqa: E402
from peers.sentences import forget  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.sh", description="Measures Sampan and its peers on the same data."
    )
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    data = os.environ.get("PEERS_DATA", REPOSITORY.parent / "shared/data")
    parser.add_argument(
        "--data",
        type=Path,
        default=data,
        help="folder with pricewatch/ and taobao/ (also PEERS_DATA)",
    )
    parser.add_argument(
        "--sampan",
        type=Path,
        default=target / "release/sampan",
        help="program of Sampan, built beforehand",
    )
    parser.add_argument(
        "--only",
        metavar="ENGINE,…",
        type=engines,
        default=ENGINES,
        help=f"engines to measure: {', '.join(ENGINES)}",
    )
    parser.add_argument("--skip-quality", action="store_true", help="only time, index rate and size")
    parser.add_argument("--queries", type=int, default=1200, help="queries of the log to time (default 1200)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all figures")
    parser.add_argument("--markdown", type=Path, metavar="OUT", help="write the tables")
    parser.add_argument("--install-system", action="store_true", help=f"first run: {' '.join(INSTALL)}")
    return parser.parse_args()


def engines(text: str) -> list[str]:
    chosen = text.split(",")
    unknown = [engine for engine in chosen if engine not in ENGINES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no engine {unknown[0]!r}: one of {', '.join(ENGINES)}")
    return chosen


def measured(row: Row, setting: Setting, data: Data, with_quality: bool) -> Figures:
    """The row's figures from a process of its own; whatever goes wrong there is told in the row."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as process:
        try:
            return process.submit(evaluate, row, setting, data, with_quality).result()
        except Unavailable as problem:
            return Figures(row.key, row.label, row.folded, problem=str(problem))
        except Exception as problem:
            reason = f"{type(problem).__name__}: {problem}"
            return Figures(row.key, row.label, row.folded, problem=reason)


def machine() -> str:
    models = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    load = os.getloadavg()[0]
    return (
        f"{datetime.date.today()}, {models[0]} × {len(models)}, load average {load:.1f} at the start, "
        f"Python {platform.python_version()}"
    )


def main() -> None:
    options = arguments()
    if options.install_system:
        subprocess.run(INSTALL, check=True)
    began = machine()
    work = REPOSITORY / "target/peers"
    setting = Setting(work, options.sampan.resolve(), REPOSITORY)
    try:
        data = read_data(options.data, options.queries)
    except FileNotFoundError as problem:
        sys.exit(f"--data: {problem}")
    forget(work)
    rows = [row for row in ROWS if row.engine in options.only]
    table = []
    for place, row in enumerate(rows, 1):
        print(f"{place}/{len(rows)} {row.key}", file=sys.stderr)
        table.append(measured(row, setting, data, not options.skip_quality))
    contents = [tables.quality(table), tables.cost(table, TIMED_CATALOGUE)]
    contents = [rows for rows in contents if len(rows) > 1]
    notes = [began, *tables.notes(table)]
    print("\n\n".join([*map(tables.aligned, contents), "\n".join(notes)]))
    if options.markdown:
        listed = "\n".join(f"- {note}" for note in notes)
        text = "\n\n".join([*map(tables.markdown, contents), listed])
        options.markdown.write_text(text + "\n", encoding="utf-8")
    if options.json:
        figures = {"machine": began, "rows": [dataclasses.asdict(one) for one in table]}
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
