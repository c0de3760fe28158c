"""`make bench`: the tables of start-up, writing, integrity and evidence, each figure beside its floor."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from sqlcipher3 import dbapi2

from tests.bench import (
    copies,
    documents,
    evidence,
    figures,
    handover,
    log,
    measure,
    painted,
    places,
    reading,
    startup,
    writing,
)

SIZES = (1_000, 20_000)
#: The large demonstrations of the table "The log"; the larger one is made only where it is asked for (--log-sizes).
LOG_SIZES = (20_000,)


def main() -> None:
    """Print every table; whatever cannot be measured here is said."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of incidents, separated by commas")
    parser.add_argument("--runs", type=int, default=9, help="how often each start is measured")
    parser.add_argument("--cases", type=int, default=40, help="cases of six answers each")
    tables = ("startup", "log", "writing", "integrity", "backups", "evidence", "documents", "figures", "handover")
    parser.add_argument("--only", choices=tables, help="one table")
    parser.add_argument("--log-sizes", default=",".join(map(str, LOG_SIZES)), help="incidents of the large logs")
    told = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, SQLite {dbapi2.sqlite_version}, "
          f"{os.cpu_count()} processors, load {_load()}")  # fmt: skip
    with places.folder() as folder:
        sizes = [] if told.only == "log" else sorted(int(one) for one in told.sizes.split(","))
        homes = {size: _home(folder, size) for size in sizes}
        if told.only in (None, "startup"):
            measure.say("start-up ...")
            measure.table("Start-up (medians)", startup.bench(homes, told.runs))
        if told.only in (None, "log"):
            measure.say("the log ...")
            large = sorted(int(one) for one in told.log_sizes.split(","))
            measure.table("The log (medians)", log.bench(large, max(told.runs, 9)))
            measure.table("The log on the screen (medians)", painted.bench(large, max(told.runs, 9)))
        if told.only in (None, "writing"):
            measure.say("writing ...")
            measure.table("Writing", writing.bench(homes, told.cases, told.runs))
        if told.only in (None, "integrity"):
            measure.say("integrity ...")
            measure.table("Integrity (medians)", reading.bench(homes, max(told.runs // 3, 3)))
        if told.only in (None, "backups"):
            measure.say("backups ...")
            measure.table("Backups", copies.bench(homes, folder, max(told.runs // 3, 3)))
        if told.only in (None, "evidence", "documents"):
            measure.say("evidence ...")
            measure.table("Evidence (medians)", evidence.bench(folder, max(told.runs // 2, 3)))
        if told.only in (None, "documents"):
            measure.say("documents ...")
            measure.table("Documents (medians)", documents.bench(folder, told.runs))
        if told.only in (None, "figures"):
            measure.say("figures ...")
            measure.table("Figures", figures.bench(homes, told.runs))
        if told.only in (None, "handover"):
            measure.say("handing over ...")
            measure.table("Handing over (medians)", handover.bench(folder, max(told.runs // 3, 3)))
    print(f"\nLoad at the end: {_load()}")


def _home(folder: Path, size: int) -> Path:
    home = folder / f"home-{size}"
    measure.say(f"a home of {size:,} incidents ...")
    session = places.found(home)
    took = measure.clock(lambda: places.fill(session, size))
    session.close()
    measure.say(f"  made in {took / 1000:.0f} s")
    return home


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"


main()
