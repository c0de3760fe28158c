"""Every promise of SECURITY.md names the tests that hold it, and those tests are there."""

from __future__ import annotations

import ast
import re

from tests.project.sources import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)` (test_\w+)")


def test_each_named_test_is_there() -> None:
    named = set(NAMED.findall(PAGE))
    assert len(named) > 40
    missing = []
    for path, name in sorted(named):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        if name not in there:
            missing.append(f"{path}::{name}")
    assert missing == []


def test_each_promise_names_a_test_and_what_keeps_it() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(rows) > 30
    for row in rows:
        promise, kept, held = (cell.strip() for cell in row.strip("|").split("|"))
        assert NAMED.search(held), promise
        assert re.search("cryptography|program|paper", kept), promise
