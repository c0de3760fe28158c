"""The header file: nothing in it can be changed unseen, and it is never half written."""

import errno
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from esafety_tui.errors import EsafetyError, NotLetInError, StoreError
from esafety_tui.record import canonical
from esafety_tui.vault import changes, costs, files, header, home, keys
from esafety_tui.vault.costs import Argon2Params
from tests.vault.made_home import ANN, BEN

CHECK = b"esafety/header-check/1\0"


def rewrite(made, change):
    """Change the header as somebody without a key could: the check sum is right again, the mac is not."""
    file = made.path / "vault.json"
    body = json.loads(file.read_bytes())
    change(body)
    body.pop("check", None)
    body["check"] = hashlib.sha256(CHECK + canonical.encode(body)).hexdigest()
    file.write_bytes(canonical.encode(body))


def leaves(value, path=()):
    """Every place in the header that holds a string or a number."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def test_what_was_written_is_read(made):
    assert header.peek(made.path) == made.opened.header
    assert header.peek(made.path).kind == "test"
    assert header.peek(made.path).database == "log-1.db"
    assert header.peek(made.path).people_ids == (ANN.person_id, BEN.person_id)
    assert header.exists(made.path)


def test_any_single_bit_flipped_is_found_without_a_key(made):
    data = (made.path / "vault.json").read_bytes()
    for place in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            with pytest.raises(StoreError):
                header.parse(bytes(changed))


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_cut_or_longer_file_is_found(made, length):
    data = (made.path / "vault.json").read_bytes()
    for broken in (data[:length], data + b"\n", data + data):
        with pytest.raises(StoreError):
            header.parse(broken)


def _another(old):
    if isinstance(old, int):
        return old + 1
    if set(old) <= set("0123456789abcdef"):
        return ("0" if old[0] != "0" else "1") + old[1:]
    return old + "x"


def test_no_field_can_be_changed_on_purpose(made):
    original = (made.path / "vault.json").read_bytes()
    places = [path for path in leaves(json.loads(original)) if path != ("check",)]
    assert len(places) > 30
    for path in places:

        def change(body, path=path):
            for key in path[:-1]:
                body = body[key]
            body[path[-1]] = _another(body[path[-1]])

        rewrite(made, change)
        # Whoever is tried first: nobody is let into a home with a changed header.
        for person in (ANN, BEN):
            with pytest.raises((StoreError, NotLetInError)):
                home.unlock(made.path, person.login, person.password)
        (made.path / "tries.json").unlink(missing_ok=True)
        (made.path / "vault.json").write_bytes(original)
    home.unlock(made.path, ANN.login, ANN.password)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["slots"].pop(),
        lambda body: body["slots"].reverse(),
        lambda body: body["slots"].append({**body["slots"][1], "person": "p-eve"}),
        lambda body: body.update(kind="demo"),
        lambda body: body.update(generation=2, database="log-2.db"),
        lambda body: body["slots"][1].update(sign=body["slots"][0]["sign"]),
        lambda body: body["recovery"]["pairs"].update(AB=body["recovery"]["pairs"]["BC"]),
        lambda body: body["argon2"].update(memory_kib=8),
        lambda body: body.update(mac="0" * 64),
    ],
)
def test_a_header_put_together_anew_is_found_once_somebody_is_let_in(made, change):
    rewrite(made, change)
    with pytest.raises(StoreError, match="damaged"):
        home.unlock(made.path, ANN.login, ANN.password)
    with pytest.raises(StoreError, match="damaged"):
        home.open_with_sheets(made.path, made.sheets[0].text, made.sheets[2].text)
    with pytest.raises(StoreError, match="damaged"):
        changes.new_sheets(made.path, made.data_key)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(extra=1),
        lambda body: body.pop("epoch"),
        lambda body: body.update(slots=[]),
        lambda body: body.update(slots={}),
        lambda body: body.update(slots=[1]),
        lambda body: body["slots"].append(body["slots"][0]),
        lambda body: body.update(database="../log-1.db"),
        lambda body: body.update(generation=True),
        lambda body: body.update(generation=0),
        lambda body: body.update(kind="office"),
        lambda body: body.update(vault=body["vault"].upper() + "A"),
        lambda body: body.update(vault=5),
        lambda body: body.update(v=0),
        lambda body: body.update(v="1"),
        lambda body: body.update(format="something"),
        lambda body: body["slots"][0].update(person="../x"),
        lambda body: body["slots"][0].update(salt="zz" * 16),
        lambda body: body["recovery"]["pairs"].pop("AB"),
    ],
)
def test_a_header_out_of_form_is_refused_before_any_password(made, change):
    rewrite(made, change)
    with pytest.raises(StoreError, match="damaged"):
        home.peek(made.path)


def test_a_newer_header_is_left_untouched(made):
    rewrite(made, lambda body: body.update(v=2, something={"new": 1}))
    before = (made.path / "vault.json").read_bytes()
    with pytest.raises(StoreError, match="newer"):
        home.unlock(made.path, ANN.login, ANN.password)
    with pytest.raises(StoreError, match="newer"):
        changes.new_sheets(made.path, made.data_key)
    assert (made.path / "vault.json").read_bytes() == before


TOO_CHEAP = [(8, 1, 1), (31 * 1024, 3, 4), (65536, 1, 4), (65536, 3, 0)]
TOO_COSTLY = [(513 * 1024, 3, 4), (65536, 13, 4), (65536, 3, 9)]


@pytest.mark.parametrize("numbers", TOO_CHEAP + TOO_COSTLY)
def test_argon2_outside_its_bounds_is_refused_in_a_real_home(numbers, tmp_path):
    params = Argon2Params(*numbers)
    assert not params.allowed("school")
    assert not params.allowed("provisional")
    with pytest.raises(ValueError, match="bounds"):
        home.create(tmp_path / "h", "school", [ANN], params)
    assert not (tmp_path / "h").exists()


@pytest.mark.parametrize("numbers", [(7, 1, 1), (64, 1, 9), (15, 1, 2), (513 * 1024, 1, 1), (64, 13, 1), (64, 0, 1)])
def test_argon2_has_bounds_in_a_test_home_too(numbers):
    assert not Argon2Params(*numbers).allowed("test")


def test_the_usual_argon2_is_allowed_everywhere():
    assert Argon2Params(memory_kib=65536, passes=3, lanes=4) == costs.DEFAULT
    assert all(costs.DEFAULT.allowed(kind) for kind in ("school", "provisional", "test", "demo"))
    assert costs.CHEAP.allowed("demo")


def test_costly_argon2_in_a_file_is_refused_even_with_a_right_mac(made):
    mac_key = keys.header_key(made.data_key, made.opened.header.vault_id)
    for huge in (Argon2Params(1024 * 1024, 3, 4), Argon2Params(65536, 1000, 4)):
        header.write(made.path, replace(made.opened.header, argon2=huge), mac_key)
        with pytest.raises(StoreError, match="damaged"):
            home.unlock(made.path, ANN.login, ANN.password)


class Crash(BaseException):
    """The power going: no handler of the program runs."""


STEPS = [
    (os, "fsync", 1, "old"),
    (os, "replace", 1, "old"),
    (os, "fsync", 2, "new"),
    (files, "sync_folder", 1, "new"),
]


@pytest.mark.parametrize(("module", "name", "nth", "left"), STEPS)
def test_a_crash_at_any_step_leaves_the_old_header_or_the_new(made, monkeypatch, module, name, nth, left):
    before = (made.path / "vault.json").read_bytes()
    original, calls = getattr(module, name), []

    def crash(*arguments):
        calls.append(1)
        if len(calls) == nth:
            raise Crash
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, crash)
        with pytest.raises(Crash):
            changes.new_sheets(made.path, made.data_key)
    after = (made.path / "vault.json").read_bytes()
    assert (after == before) == (left == "old")
    assert home.unlock(made.path, ANN.login, ANN.password).data_key == made.data_key
    # The stray file of the crash is no hindrance, and is used up.
    changes.new_sheets(made.path, made.data_key)
    assert sorted(entry.name for entry in made.path.iterdir()) == ["vault.json"]


KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from esafety_tui.vault import changes
print("ready", flush=True)
changes.new_sheets(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
print("done", flush=True)
"""


def _strace() -> str:
    found = shutil.which("strace")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("strace is not installed, and in CI this test must run")
        pytest.skip("strace is not installed: the kill at each system call is NOT tested here")
    return found


KILL_POINTS = ["/.*write.*:when=1", "fsync:when=1", "/rename.*:when=1", "fsync:when=2"]


@pytest.mark.parametrize("call", KILL_POINTS)
def test_a_kill_at_any_system_call_leaves_a_header_that_opens(made, call, tmp_path):
    names, when = call.split(":")
    command = [
        _strace(),
        "-f",
        "-o",
        str(tmp_path / "trace"),
        "-P",
        str(made.path),
        "-P",
        str(made.path / "vault.json"),
    ]
    command += [
        "-P",
        str(made.path / "vault.json.new"),
        "-e",
        f"trace={names}",
        "-e",
        f"inject={names}:signal=KILL:{when}",
    ]
    command += [sys.executable, "-c", KILLED, str(made.path), made.data_key.hex()]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "ready" in ran.stdout, ran.stderr
    assert "done" not in ran.stdout, "nothing was killed"
    opened = home.unlock(made.path, ANN.login, ANN.password)
    assert opened.data_key == made.data_key
    assert opened.header.sheet_set == (2 if call == "fsync:when=2" else 1)


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.EIO, "disk"),
    ],
)
def test_a_write_that_fails_says_why_and_leaves_the_old_header(made, monkeypatch, number, title):
    before = (made.path / "vault.json").read_bytes()

    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match=title) as told:
        changes.new_sheets(made.path, made.data_key)
    assert told.value.exit_code == 5
    assert told.value.what
    assert told.value.do
    assert (made.path / "vault.json").read_bytes() == before
    assert sorted(entry.name for entry in made.path.iterdir()) == ["vault.json"]


def test_files_and_folder_are_for_this_user_alone(made):
    with pytest.raises(NotLetInError):
        home.unlock(made.path, "ann", "x")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
    for entry in made.path.iterdir():
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600, entry.name


def test_a_planted_link_or_open_file_is_not_written_through(made, tmp_path):
    target, beside = tmp_path / "precious", made.path / "vault.json.new"
    target.write_text("precious")
    beside.symlink_to(target)
    changes.new_sheets(made.path, made.data_key)
    assert target.read_text() == "precious"
    beside.touch()
    beside.chmod(0o666)
    changes.new_sheets(made.path, made.data_key)
    assert stat.S_IMODE((made.path / "vault.json").stat().st_mode) == 0o600
    beside.mkdir()
    with pytest.raises(StoreError):
        changes.new_sheets(made.path, made.data_key)


@pytest.mark.parametrize("where", ["nothing", "file/inside"])
def test_no_log_here(tmp_path, where):
    (tmp_path / "file").write_text("x")
    assert not header.exists(tmp_path / where)
    with pytest.raises(StoreError, match="no log here"):
        home.peek(tmp_path / where)


def test_a_header_that_is_too_big_or_a_folder_is_refused(made):
    (made.path / "vault.json").write_bytes(b"[" * (2 << 20))
    with pytest.raises(StoreError, match="damaged"):
        home.peek(made.path)
    (made.path / "vault.json").unlink()
    (made.path / "vault.json").mkdir()
    with pytest.raises(StoreError):
        home.peek(made.path)


def test_peeking_loads_no_cryptography():
    code = (
        "import sys; from esafety_tui.vault import header, lock, heads, tries;"
        "sys.exit(any(name in sys.modules for name in ('cryptography', 'argon2', 'mnemonic', 'sqlalchemy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_error_of_the_header_says_what_to_do(made):
    errors: list[EsafetyError] = [header.damaged(), files.plain_error(OSError(errno.EIO, "x"), "do this")]
    for error in errors:
        assert error.title
        assert error.what
        assert error.do
        assert Path(made.path).name not in str(error)
