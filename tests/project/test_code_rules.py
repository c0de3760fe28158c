"""The program's code against the rules of code_rules.py, and each rule against code that breaks it."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.project import code_rules
from tests.project.sources import product

Rule = Callable[[ast.AST], list[str]]

EVERYWHERE: list[Rule] = [
    code_rules.banned_imports,
    code_rules.banned_calls,
    code_rules.shells,
    code_rules.deferred_begins,
]


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_no_module_breaks_a_rule(rule: Rule) -> None:
    found = [f"{name}:{finding}" for name, tree in product() for finding in rule(tree)]
    assert found == []


def test_pure_rooms_read_no_clock_and_no_file() -> None:
    rooms = tuple(f"esafety_tui/{room}/" for room in code_rules.PURE_ROOMS)
    modules = [(name, tree) for name, tree in product() if name.startswith(rooms)]
    assert {name.split("/")[1] for name, _ in modules} == set(code_rules.PURE_ROOMS)
    assert [f"{name}:{finding}" for name, tree in modules for finding in code_rules.impure(tree)] == []


def test_every_function_fits_a_screen() -> None:
    most = 60
    found = [f"{name}:{finding}" for name, tree in product() for finding in code_rules.long_functions(tree, most)]
    assert found == []
    assert code_rules.long_functions(ast.parse("def f():\n    a\n    b"), 2) == ["1: f has 3 lines"]


BROKEN: list[tuple[Rule, str]] = [
    (code_rules.banned_imports, "import urllib.request"),
    (code_rules.banned_imports, "from urllib import request"),
    (code_rules.banned_imports, "from http.client import HTTPConnection"),
    (code_rules.banned_imports, "def later():\n    import socket"),
    (code_rules.banned_imports, "import yaml"),
    (code_rules.banned_imports, "from pickle import loads"),
    (code_rules.banned_calls, "eval('1')"),
    (code_rules.banned_calls, "import os\nos.system('ls')"),
    (code_rules.banned_calls, "self.app.open_url('x')\nopen_url('x')"),
    (code_rules.shells, "run('ls', shell=True)"),
    (code_rules.shells, "run('ls', shell=wanted)"),
    (code_rules.deferred_begins, "connection.execute('begin')"),
    (code_rules.deferred_begins, "connection.execute(' BEGIN DEFERRED; ')"),
    (code_rules.deferred_begins, "connection.execute('BEGIN TRANSACTION')"),
    (code_rules.impure, "from datetime import datetime\ndatetime.now()"),
    (code_rules.impure, "import datetime\ndatetime.datetime.now()"),
    (code_rules.impure, "open('x')"),
]


@pytest.mark.parametrize(("rule", "code"), BROKEN)
def test_each_rule_finds_what_it_is_for(rule: Rule, code: str) -> None:
    assert rule(ast.parse(code))


SOUND: list[tuple[Rule, str]] = [
    (code_rules.banned_imports, "from urllib.parse import urlsplit\nfrom httpish import x"),
    (code_rules.banned_calls, "import re\nre.compile('x')\nself.evaluate()\nmade().compile()"),
    (code_rules.shells, "run(['ls'], shell=False)"),
    (code_rules.deferred_begins, "'BEGIN IMMEDIATE', 'CREATE TRIGGER t BEGIN SELECT 1; END', 'begin again'"),
    (code_rules.impure, "path.open\nreopen('x')\nstanding.now"),
]


@pytest.mark.parametrize(("rule", "code"), SOUND)
def test_no_rule_finds_what_is_allowed(rule: Rule, code: str) -> None:
    assert rule(ast.parse(code)) == []
