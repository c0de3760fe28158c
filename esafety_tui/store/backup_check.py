"""The proof that a backup can be put back: by the same plan as putting it back, into a folder that goes away again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from esafety_tui.record.words import Head
from esafety_tui.store import backup_plan, copying, restore
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.backup_files import Backup
from esafety_tui.store.backup_plan import Plan
from esafety_tui.store.copying import Meter, Progress
from esafety_tui.store.evidence_check import Where
from esafety_tui.vault import changes
from esafety_tui.vault import header as headers


def check(
    one: Backup, scratch: Path, data_key: bytes, progress: Progress | None = None
) -> tuple[checking.Report, Plan]:
    """Prove that a backup can be put back: its log is restored into an empty folder, opened and checked there, and
    every evidence file that would be brought is read where it lies and compared. Raises as restore.restore does; what
    is in `scratch` is for the caller to remove."""
    header = headers.peek(one.folder)
    changes.following(headers.read_bytes(one.folder), data_key)
    copying.room_for(scratch, one.size)
    meter = Meter(progress, 2 * one.size)
    path = scratch / header.database
    restore.same(copying.copy(one.database, path, meter), one)
    log = databases.open(path, data_key, one.vault_id, one.epoch)
    try:
        plan = backup_plan.plan(one, log, header, data_key)
        restore.bring_aparts(one, scratch, meter)
        report = checking.verify(
            log, head=Head(seq=one.seq, chain=one.chain), progress=lambda *_: meter.tell(),
            files=Where(one.pool, plan.sealed | plan.later | plan.claimed | plan.gone, shared=True),
            cost=checking.NO_WORDS,
        )  # fmt: skip
    finally:
        log.close()
    return _with_apart(report, plan, meter), plan


def _with_apart(report: checking.Report, plan: Plan, meter: Meter) -> checking.Report:
    """With the evidence files of its compartments in the report, for which no key is needed, and what is wrong with its
    list of contents."""
    found = [checking.Finding(None, backup_plan.CHANGED)] if plan.changed else []
    count = bad = 0
    for item in plan.items:
        if not item.apart or (item.kept.id in plan.gone and not item.source.exists()):
            continue
        count += 1
        try:
            wrong = "" if copying.hashed(item.source, meter) == item.kept.sha256 else "was changed"
        except OSError:
            wrong = "is missing, or cannot be read"
        if wrong:
            bad += 1
            found.append(checking.Finding(None, f"An evidence file of a case that is kept apart {wrong}."))
    return replace(
        report, ok=report.ok and not found, findings=[*report.findings, *found],
        evidence_checked=report.evidence_checked + count, evidence_bad=report.evidence_bad + bad,
    )  # fmt: skip
