"""The heads this computer has seen, outside the home."""

import json
import stat
import sys
from datetime import UTC, datetime

import pytest

from esafety_tui.vault import heads

VAULT, OTHER = bytes(range(16)), bytes(16)


def chain(number):
    return bytes([number % 256]) * 32


def seen():
    return [(head.seq, head.chain) for head in heads.read_heads(VAULT)]


def test_none_at_first():
    assert heads.read_heads(VAULT) == []
    assert not heads.damaged(VAULT)


def test_the_newest_is_kept_for_each_vault():
    for seq in range(1, 6):
        assert heads.write_head(VAULT, seq, chain(seq))
    assert heads.write_head(OTHER, 9, chain(9), after=0)
    assert seen() == [(5, chain(5))]
    assert [head.seq for head in heads.read_heads(OTHER)] == [9]
    at = datetime.fromisoformat(heads.read_heads(VAULT)[0].at)
    assert at.tzinfo is not None
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert heads.read_heads(VAULT)[0].at.endswith("Z")


def test_several_entries_at_once_are_no_step_back():
    heads.write_head(VAULT, 10, chain(10), after=0)
    heads.write_head(VAULT, 14, chain(14), after=10)
    assert seen() == [(14, chain(14))]


def test_a_journal_put_back_leaves_its_later_head_behind_for_good():
    heads.write_head(VAULT, 412, chain(1), after=0)
    heads.write_head(VAULT, 401, chain(2))
    assert seen() == [(401, chain(2)), (412, chain(1))]
    for seq in range(402, 430):
        heads.write_head(VAULT, seq, chain(3))
    assert seen() == [(429, chain(3)), (412, chain(1))]


def test_put_back_by_one_entry_or_written_over_in_one_go_is_seen_too():
    heads.write_head(VAULT, 412, chain(1), after=0)
    heads.write_head(VAULT, 412, chain(2))
    assert seen() == [(412, chain(2)), (412, chain(1))]
    heads.write_head(VAULT, 420, chain(3), after=410)
    assert seen() == [(420, chain(3)), (412, chain(1)), (412, chain(2))]


def test_the_same_head_again_is_nothing_new():
    heads.write_head(VAULT, 412, chain(1))
    heads.write_head(VAULT, 412, chain(1))
    assert seen() == [(412, chain(1))]


def test_the_file_does_not_grow_without_bound():
    for turn in range(100):
        heads.write_head(VAULT, 500 - turn, chain(turn))
    assert len(heads.read_heads(VAULT)) == 17
    assert not heads.damaged(VAULT)


def head(**changed):
    told = {"seq": 1, "chain": "00" * 32, "at": "2026-11-22T09:14:03.123Z", **changed}
    return json.dumps({"v": 1, "newest": told, "left_behind": []})


BROKEN = ["", "\0" * 500, "{", "[]", '{"newest":{}}', "[" * 5000]
BROKEN += [head(chain="zz" * 32), head(chain="00"), head(seq=True), head(seq=-1), head(seq="1"), head(at=5)]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_told_and_does_not_stop_the_next_head(text):
    heads.write_head(VAULT, 1, chain(1))
    heads.head_file(VAULT).write_text(text)
    assert heads.read_heads(VAULT) == []
    assert heads.damaged(VAULT)
    assert heads.write_head(VAULT, 2, chain(2))
    assert seen() == [(2, chain(2))]
    assert not heads.damaged(VAULT)


def test_a_state_folder_that_cannot_be_written_is_told_and_nothing_more(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "file"))
    assert heads.write_head(VAULT, 1, chain(1)) is False
    assert heads.read_heads(VAULT) == []


def test_it_holds_nothing_but_numbers_and_is_for_this_user_alone():
    heads.write_head(VAULT, 7, chain(7))
    file = heads.head_file(VAULT)
    body = json.loads(file.read_bytes())
    assert set(body) == {"v", "newest", "left_behind"}
    assert set(body["newest"]) == {"seq", "chain", "at"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == [f"{VAULT.hex()}.json"]


@pytest.mark.skipif(sys.platform != "linux", reason="the place differs from system to system")
def test_without_a_name_it_is_the_systems_state_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("ESAFETY_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert heads.state_folder() == tmp_path / "esafety"
