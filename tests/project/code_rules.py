"""Rules for the program's own code that no general checker knows. Each takes a tree and names its findings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# R14: submodules, which import-linter cannot name; whole packages are in pyproject.toml.
NETWORK = ("urllib.request", "urllib.error", "urllib.robotparser", "http", "socket", "ssl", "webbrowser")
# Reading these runs or invents code; a changed file must never do that.
UNSAFE = ("pickle", "marshal", "shelve", "dill", "yaml", "imp", "telnetlib", "crypt")
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp"}
NETWORK_CALLS = {"asyncio.open_connection", "asyncio.start_server", "open_url"}
# A pure room is handed the time and the text; it asks nobody.
IMPURE_CALLS = {"open", "print", "input", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
PURE_ROOMS = ("policy", "record", "people", "incident", "register", "proof")
# Two readers under a deferred BEGIN can both believe they may write.
DEFERRED = re.compile(r"\s*BEGIN(\s+(DEFERRED|CONCURRENT)(\s+TRANSACTION)?|\s+TRANSACTION)?\s*;?\s*", re.I)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported, at module level or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, _dotted(node.func)


def banned_imports(tree: ast.AST) -> list[str]:
    return [
        f"{line}: import of {name}"
        for line, name in imports(tree)
        if any(name == banned or name.startswith(f"{banned}.") for banned in NETWORK + UNSAFE)
    ]


def banned_calls(tree: ast.AST, banned: set[str] = UNSAFE_CALLS | NETWORK_CALLS) -> list[str]:
    def hit(name: str) -> bool:
        return name in banned or any("." in one and name.endswith(f".{one}") for one in banned)

    return [f"{line}: call of {name}" for line, name in calls(tree) if hit(name)]


def shells(tree: ast.AST) -> list[str]:
    """Calls with a `shell` that is anything but a plain False."""
    return [
        f"{node.lineno}: shell in a call"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]


def deferred_begins(tree: ast.AST) -> list[str]:
    return [
        f"{node.lineno}: a transaction has to say BEGIN IMMEDIATE"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DEFERRED.fullmatch(node.value)
    ]


def impure(tree: ast.AST) -> list[str]:
    return banned_calls(tree, IMPURE_CALLS)


def long_functions(tree: ast.AST, most: int) -> list[str]:
    """Functions of more than `most` lines, decorators and docstring included."""
    return [
        f"{node.lineno}: {node.name} has {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > most
    ]
