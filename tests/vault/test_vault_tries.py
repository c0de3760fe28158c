"""Backing off: how long, what survives a restart, and that no clock locks anybody out for ever."""

import json

import pytest

from esafety_tui.errors import NotLetInError
from esafety_tui.vault import files, home, keys, tries
from tests.vault.made_home import ANN


def wrong(made, clock, times=1):
    told = []
    for _ in range(times):
        with pytest.raises(NotLetInError) as refused:
            home.unlock(made.path, ANN.login, "wrong", clock)
        told.append(refused.value)
    return told


def right(made, clock):
    return home.unlock(made.path, ANN.login, ANN.password, clock)


def test_the_waits_grow_to_five_minutes():
    waits = [tries.wait_after(n) for n in range(1, 15)]
    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300, 300]
    assert tries.wait_after(10**9) == 300


def test_two_slips_cost_nothing_and_the_third_waits(made, clock):
    wrong(made, clock, 2)
    assert tries.seconds_left(made.path, clock) == 0
    (third,) = wrong(made, clock)
    assert not isinstance(third, tries.BackingOffError)
    assert "5 seconds" in str(third)
    assert tries.seconds_left(made.path, clock) == 5
    with pytest.raises(tries.BackingOffError, match="5 seconds") as refused:
        right(made, clock)
    assert refused.value.seconds == 5
    assert refused.value.exit_code == 4


def test_a_whole_siege(made, clock):
    for wait in (0, 0, 5, 10, 20, 40, 80, 160, 300, 300):
        wrong(made, clock)
        assert tries.seconds_left(made.path, clock) == wait
        if wait > 1:
            clock.now += wait - 1
            with pytest.raises(tries.BackingOffError, match="in 1 second\\."):
                right(made, clock)
            clock.now += 1
    assert right(made, clock).person_id == ANN.person_id


def test_while_waiting_nothing_is_tried_or_counted(made, clock, monkeypatch):
    wrong(made, clock, 3)

    def never(*arguments):
        raise AssertionError("a password was looked at while waiting")

    with monkeypatch.context() as patch:
        patch.setattr(keys, "password_key", never)
        for _ in range(20):
            with pytest.raises(tries.BackingOffError):
                right(made, clock)
    assert tries.seconds_left(made.path, clock) == 5


def test_asking_again_does_not_move_the_end_of_the_wait(made, clock):
    clock.now += 0.7
    wrong(made, clock, 3)
    began = clock.now
    for step in (0.0, 0.2, 0.3, 0.4, 2.0, 4.9):
        clock.now = began + step
        before = (made.path / "tries.json").read_bytes()
        with pytest.raises(tries.BackingOffError):
            right(made, clock)
        assert (made.path / "tries.json").read_bytes() == before
    clock.now = began + 5
    right(made, clock)


def test_being_let_in_forgets_the_slips(made, clock):
    wrong(made, clock, 2)
    right(made, clock)
    wrong(made, clock, 2)
    right(made, clock)
    assert tries.seconds_left(made.path, clock) == 0


def test_a_right_password_at_once_leaves_no_file(made, clock):
    right(made, clock)
    assert not (made.path / "tries.json").exists()


def test_the_times_of_wrong_tries_stay_until_the_log_has_them(made, clock):
    first = int(clock.now * 1000)
    wrong(made, clock)
    clock.now += 60
    wrong(made, clock)
    clock.now += 60
    right(made, clock)
    assert tries.failed(made.path) == ((first, first + 60_000), 0)
    assert "ann" not in (made.path / "tries.json").read_text().lower()
    tries._kept_here.clear()
    right(made, clock)
    assert tries.failed(made.path) == ((first, first + 60_000), 0)
    tries.entered(made.path)
    assert tries.failed(made.path) == ((), 0)
    assert not (made.path / "tries.json").exists()


def test_a_long_siege_keeps_the_last_times_and_counts_the_others(made, clock):
    for _ in range(tries.MOST_TIMES + 7):
        clock.now += 300
        tries.begin(made.path, clock)
    times, earlier = tries.failed(made.path)
    assert (len(times), earlier, times[-1]) == (tries.MOST_TIMES, 7, int(clock.now * 1000))


def test_a_file_of_the_first_version_still_counts(made, clock):
    (made.path / "tries.json").write_text(json.dumps({"v": 1, "wrong": 3, "until": int(clock.now + 5) * 1000}))
    assert tries.seconds_left(made.path, clock) == 5
    assert tries.failed(made.path) == ((), 0)


def test_the_second_persons_slips_count_as_well(made, clock):
    for _ in range(3):
        with pytest.raises(NotLetInError):
            home.prove(made.path, "ben", "wrong", clock)
    with pytest.raises(tries.BackingOffError):
        right(made, clock)


def test_it_survives_a_restart_and_tells_only_a_count_and_a_time(made, clock):
    wrong(made, clock, 4 - 1)
    clock.now += 5
    wrong(made, clock)
    told = json.loads((made.path / "tries.json").read_bytes())
    last = int(clock.now) * 1000
    times = [last - 5000] * 3 + [last]
    assert told == {"v": 2, "wrong": 4, "until": last + 10_000, "times": times, "earlier": 0}
    tries._kept_here.clear()
    assert tries.seconds_left(made.path, clock) == 10


def test_breaking_a_try_off_is_no_way_round_the_count(made, clock, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*arguments):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(keys, "password_key", killed)
        for _ in range(3):
            with pytest.raises(Killed):
                right(made, clock)
    with pytest.raises(tries.BackingOffError):
        right(made, clock)


@pytest.mark.parametrize("back", [10, 3600, 86400 * 365, 1_800_000_000])
def test_a_clock_put_back_waits_once_more_and_then_lets_in(made, clock, back):
    wrong(made, clock, 3)
    clock.now -= back
    with pytest.raises(tries.BackingOffError, match="in 5 seconds"):
        right(made, clock)
    clock.now += 5
    assert right(made, clock).person_id == ANN.person_id


def test_a_clock_without_a_battery_cannot_lock_for_ever(made, clock):
    (made.path / "tries.json").write_text(json.dumps({"v": 1, "wrong": 50, "until": 2**52}))
    clock.now = 0.0
    assert tries.seconds_left(made.path, clock) == 300
    clock.now = 300.0
    assert right(made, clock).person_id == ANN.person_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"wrong":3}',
        '{"wrong":"3","until":0}',
        '{"wrong":-1,"until":0}',
        '{"wrong":true,"until":1}',
        '{"wrong":3,"until":NaN}',
        '{"wrong":1e999,"until":1}',
        '{"wrong":3,"until":9,"times":7}',
        '{"wrong":3,"until":9,"times":["x"]}',
        '{"wrong":3,"until":9,"earlier":-1}',
        "[" * 900,
    ],
)
def test_a_broken_file_lets_the_right_password_in(made, clock, text):
    (made.path / "tries.json").write_text(text)
    assert right(made, clock).person_id == ANN.person_id


def test_where_the_folder_cannot_be_written_the_count_is_kept_in_memory(made, clock, monkeypatch):
    def fail(*arguments, **named):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(files, "replace", fail)
    wrong(made, clock, 3)
    assert not (made.path / "tries.json").exists()
    with pytest.raises(tries.BackingOffError):
        right(made, clock)
    clock.now += 5
    assert right(made, clock).person_id == ANN.person_id
    assert tries.seconds_left(made.path, clock) == 0


def test_a_file_that_cannot_be_removed_does_not_count_after_being_let_in(made, clock, monkeypatch):
    wrong(made, clock, 2)

    def fail(self, missing_ok=False):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("pathlib.Path.unlink", fail)
    right(made, clock)
    assert tries.seconds_left(made.path, clock) == 0
    wrong(made, clock, 2)
    right(made, clock)
