"""Recovery sheets: any two open, one alone does not, and a slip of the pen is named."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.errors import NotLetInError, UsageError
from esafety_tui.vault import changes, costs, home, keys, sheets
from tests.vault.made_home import ANN, BEN

DATA_KEY, VAULT = bytes(range(32)), bytes(range(16))
PAPERS, PAIRS = sheets.make(DATA_KEY, VAULT, 1)


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(range(3), 2)))
def test_any_two_sheets_open_in_either_order(made, first, second):
    assert home.open_with_sheets(made.path, made.sheets[first].text, made.sheets[second].text) == made.data_key


@pytest.mark.parametrize("one", range(3))
def test_one_sheet_alone_does_not(made, one):
    text = made.sheets[one].text
    with pytest.raises(UsageError, match="Two different sheets"):
        home.open_with_sheets(made.path, text, text.lower())
    for nothing in ("", " ", "B"):
        with pytest.raises(UsageError):
            home.open_with_sheets(made.path, text, nothing)


@pytest.mark.parametrize("pair", ["AB", "AC", "BC"])
def test_one_secret_and_a_guess_do_not_open(made, pair):
    known = made.sheets["ABC".index(pair[0])].text
    guess, _ = sheets.make(bytes(32), VAULT, 1)
    with pytest.raises(NotLetInError, match="do not open this log"):
        home.open_with_sheets(made.path, known, guess["ABC".index(pair[1])].text)


def test_one_sheet_and_the_header_do_not_make_the_pairs_key(made):
    """Each pair's public key is that of both secrets, and of no single one."""
    header, secret = made.opened.header, dict(sheets.read(paper.text) for paper in made.sheets)
    for pair in ("AB", "AC", "BC"):
        both = keys.pair_key(secret[pair[0]], secret[pair[1]], header.vault_id, 1, pair)
        assert both.public_key().public_bytes_raw() == header.pairs[pair].read
        for alone in pair:
            for filled in ("", secret[alone]):
                single = keys.pair_key(secret[alone], filled, header.vault_id, 1, pair)
                assert single.public_key().public_bytes_raw() != header.pairs[pair].read


def test_sheets_of_another_log_do_not_open(made, tmp_path):
    _, others = home.create(tmp_path / "other", "test", [ANN], costs.CHEAP)
    with pytest.raises(NotLetInError):
        home.open_with_sheets(made.path, others[0].text, others[1].text)


def test_new_sheets_make_the_old_ones_useless_and_leave_people_as_they_are(made):
    after, papers = changes.new_sheets(made.path, made.data_key)
    assert {paper.sheet_set for paper in papers} == {after.sheet_set} == {2}
    with pytest.raises(NotLetInError, match="do not open") as refused:
        home.open_with_sheets(made.path, made.sheets[0].text, made.sheets[1].text)
    assert "set 2" in refused.value.do
    with pytest.raises(NotLetInError):
        home.open_with_sheets(made.path, made.sheets[0].text, papers[1].text)
    assert home.open_with_sheets(made.path, papers[0].text, papers[1].text) == made.data_key
    assert home.unlock(made.path, BEN.login, BEN.password).data_key == made.data_key


def test_sheets_bring_back_somebody_who_forgot(made):
    data_key = home.open_with_sheets(made.path, made.sheets[1].text, made.sheets[2].text)
    changes.replace_person(made.path, data_key, home.NewSlot(ANN.person_id, ANN.login, "written down this time"))
    assert home.unlock(made.path, ANN.login, "written down this time").data_key == made.data_key


def test_wrong_passwords_do_not_hold_the_sheets_up(made, clock):
    for _ in range(3):
        with pytest.raises(NotLetInError):
            home.unlock(made.path, ANN.login, "wrong", clock)
    assert home.open_with_sheets(made.path, made.sheets[0].text, made.sheets[1].text) == made.data_key


def test_a_sheet_is_written_for_people():
    assert [paper.letter for paper in PAPERS] == ["A", "B", "C"]
    assert len(set(sheets.ALPHABET)) == 32
    assert not set("01OI") & set(sheets.ALPHABET)
    for paper in PAPERS:
        letter, *groups = paper.text.split("-")
        assert letter == paper.letter
        assert [len(group) for group in groups] == [5] * 7
        assert set("".join(groups)) <= set(sheets.ALPHABET)
    assert len(sheets.read(PAPERS[0].text)[1]) * 5 >= 128
    assert len({sheets.read(paper.text)[1] for paper in PAPERS}) == 3


def test_a_secret_is_of_every_character():
    seen = {c for _ in range(40) for c in sheets._new_secret()}
    assert seen == set(sheets.ALPHABET)


SPELLINGS = [
    str.lower,
    lambda text: text.replace("-", " "),
    lambda text: text.replace("-", ""),
    lambda text: f"  {text}\n",
    lambda text: "\n".join(text.split("-")),
]


@pytest.mark.parametrize("spell", SPELLINGS)
def test_it_is_read_however_it_is_typed(spell):
    for paper in PAPERS:
        assert sheets.read(spell(paper.text)) == sheets.read(paper.text)


papers = st.sampled_from(PAPERS)


@given(papers, st.integers(0, 34), st.sampled_from(sheets.ALPHABET + "01OI?é"))
def test_any_one_wrong_character_is_named_by_its_group(paper, place, wrong):
    letter, body = paper.text[0], list(paper.text.replace("-", "")[1:])
    if body[place] == wrong:
        return
    body[place] = wrong
    with pytest.raises(UsageError, match=f"sheet {letter} the group number {place // 5 + 1} of 7"):
        sheets.read(letter + "".join(body))


@given(papers, st.integers(0, 34), st.integers(0, 34))
def test_any_two_swapped_characters_of_a_group_are_found(paper, one, another):
    body = list(paper.text.replace("-", "")[1:])
    if one // 5 != another // 5 or body[one] == body[another]:
        return
    body[one], body[another] = body[another], body[one]
    with pytest.raises(UsageError):
        sheets.read(paper.text[0] + "".join(body))


@given(papers, st.integers(0, 6), st.integers(0, 6))
def test_swapped_groups_are_found(paper, one, another):
    groups = paper.text.split("-")[1:]
    if one == another:
        return
    groups[one], groups[another] = groups[another], groups[one]
    with pytest.raises(UsageError):
        sheets.read("-".join([paper.text[0], *groups]))


def test_the_letter_is_part_of_the_check():
    with pytest.raises(UsageError):
        sheets.read("B" + PAPERS[0].text[1:])


def test_too_much_and_too_little_are_said():
    text = PAPERS[2].text
    with pytest.raises(UsageError, match="something after"):
        sheets.read(text + "2")
    with pytest.raises(UsageError, match="group number 7"):
        sheets.read(text[:-1])
    with pytest.raises(UsageError, match="begins with its letter"):
        sheets.read(text[2:].replace(text[2], "Z", 1) if text[2] in "ABC" else text[2:])


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_without_being_repeated(text):
    with pytest.raises(UsageError) as refused:
        sheets.read(text)
    assert refused.value.title


def test_the_check_character_is_that_of_the_format():
    """FORMAT.md, "Recovery sheets", with powers of x taken from a table instead of multiplied out."""
    powers = [1]
    for _ in range(30):
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 32 else doubled)
    assert sorted(powers) == list(range(1, 32))

    def times(a, b):
        return 0 if 0 in (a, b) else powers[(powers.index(a) + powers.index(b)) % 31]

    for paper in PAPERS:
        letter, *groups = paper.text.split("-")
        for number, group in enumerate(groups):
            values = [*map(sheets.ALPHABET.index, group[:4]), number, "ABC".index(letter)]
            check = 0
            for exponent, value in enumerate(values, start=1):
                check ^= times(powers[exponent], value)
            assert sheets.ALPHABET[check] == group[4]


def test_what_is_for_the_pairs_alone_can_be_sealed_without_any_sheet():
    public = sheets.public_keys(PAIRS)
    sealed = keys.seal(bytes(32), public["AC"], VAULT, "pair:AC")
    secret = dict(sheets.read(paper.text) for paper in PAPERS)
    private = keys.pair_key(secret["A"], secret["C"], VAULT, 1, "AC")
    assert keys.unseal(sealed, private, VAULT, "pair:AC") == bytes(32)
    for pair, holder in (("AC", "pair:AB"), ("AB", "pair:AC")):
        other = keys.pair_key(secret[pair[0]], secret[pair[1]], VAULT, 1, pair)
        with pytest.raises(keys.WrongKeyError):
            keys.unseal(sealed, other, VAULT, holder)
