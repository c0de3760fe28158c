"""A folder that can only be read and a disk that is full: a plain sentence, exit status 5, the log untouched.

Needs mounts of its own (Linux, as root in a mount namespace); where those are not to be had the tests are skipped.
The store's own tests inject the same faults everywhere.
"""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

from tests.cli.conftest import Here, School
from tests.cli.scripted import ESAFETY

WIZARD = "printf 'no\\nq\\n' |"


def _mounts() -> bool:
    try:
        done = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


pytestmark = pytest.mark.skipif(sys.platform != "linux" or not _mounts(), reason="no mount namespaces here")


def script(school: School, *lines: str) -> list[str]:
    """Run lines of shell in a mount namespace; $E is esafety for the lead. Gives what was printed, both streams."""
    esafety = shlex.join([*ESAFETY, *map(str, school.signed_in())])
    text = "\n".join((f"H={shlex.quote(str(school.home))}", *lines)).replace("$E", esafety)
    done = subprocess.run(["unshare", "-m", "sh", "-ec", text], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return (done.stdout + done.stderr).splitlines()


def test_a_read_only_folder_can_be_read(school: School, here: Here) -> None:
    printed = script(
        school,
        'mount --bind "$H" "$H" && mount -o remount,ro,bind "$H"',
        "$E verify",
        f'{WIZARD} $E wizard && exit 9 || echo "wizard $?"',
        '$E anchor --done && exit 9 || echo "anchor $?"',
    )
    assert {"wizard 5", "anchor 5", "Everything holds: 7 entries checked."} <= set(printed)
    assert "Not saved: this folder can only be read." in printed
    assert here("log", "--json").out == "[]\n"


def test_what_a_full_disk_did_not_take_is_said_back(school: School) -> None:
    printed = script(
        school,
        "REF=$(printf 'no\\nq\\n' | $E wizard | sed -n 's/^Reference: //p')",
        'mkdir "$H.kept" && cp -a "$H/." "$H.kept"',
        'mount -t tmpfs -o size=4m none "$H" && cp -a "$H.kept/." "$H"',
        'head -c 8m /dev/zero > "$H/filling" || true',
        "TYPED='t\\nnote\\nadd\\nThe words of the note\\n.\\n.\\nq\\n'",
        'printf "$TYPED" | $E wizard $REF && exit 9 || echo "wizard $?"',
    )
    assert {"wizard 5", "Not saved. What you typed:", "  The words of the note"} <= set(printed)


def test_a_full_disk_leaves_the_log_untouched(school: School) -> None:
    printed = script(
        school,
        'mkdir "$H.kept" && cp -a "$H/." "$H.kept"',
        'mount -t tmpfs -o size=4m none "$H" && cp -a "$H.kept/." "$H"',
        'head -c 8m /dev/zero > "$H/filling" || true',
        f'{WIZARD} $E wizard && exit 9 || echo "wizard $?"',
        'rm "$H/filling"; $E verify',
        f"{WIZARD} $E wizard",
    )
    assert {"wizard 5", "Everything holds: 7 entries checked."} <= set(printed)
    assert printed[-1] == "Saved."
