from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.document import read_document
from monitor.errors import ConfigError


def refusal(text: str | bytes) -> str:
    with pytest.raises(ConfigError) as raised:
        read_document("f.yaml", text.encode() if isinstance(text, str) else text)
    return str(raised.value)


def test_every_scalar_stays_the_text_that_was_written():
    text = dedent("""\
        country: NO
        at: 22:00
        octal: 010
        version: 1.10
        date: 2024-10-23
        yes: on
        hex: 0x1F
        quoted: "~"
        """)
    assert read_document("f.yaml", text.encode()).value == {
        "country": "NO",
        "at": "22:00",
        "octal": "010",
        "version": "1.10",
        "date": "2024-10-23",
        "yes": "on",
        "hex": "0x1F",
        "quoted": "~",
    }


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_only_an_unquoted_null_is_nothing(written):
    assert read_document("f.yaml", f"a: {written}".encode()).value == {"a": None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('q: "a" NEAR/5 "b"', "f.yaml:1:8: text follows the closing quote: YAML ends the value there; put the value in single quotes, or in a | block on the lines below"),
        ("q: *Russia", "f.yaml:1:4: *Russia reads as an alias, and nothing is named so; put the value in single quotes, or in a | block on the lines below"),
        ("q: @dprk AND x", "f.yaml:1:4: a value cannot start with @ unquoted; put the value in single quotes, or in a | block on the lines below"),
        ("q: title: foo", "f.yaml:1:9: a ': ' inside the value reads as a new key; put the value in single quotes, or in a | block on the lines below"),
        ("a: 1\nb: 2\na: 3", "f.yaml:3:1: 'a' stands twice in this mapping; the first is on line 1"),
        ("\ta: 1", "f.yaml:1:1: the line is indented with a tab; indent with spaces"),
        ("a: [1, 2\n\n", "f.yaml:1:9: a [ is open here, and this does not belong in it; close it; put commas between its values, and quotes round those with , [ ] { }"),
        ("a: &x [*x]", "f.yaml:1:8: *x stands inside what it names; write the value out"),
        ("a: b\n---\nc: d", "f.yaml:2:1: a second document starts here; keep one document a file, without ---"),
        ("a: !!python/object:os.system x", "f.yaml:1:4: a tag (!…) stands here; remove it: the settings know their types"),
        ("? [a]\n: b", "f.yaml:1:3: a key must be plain text; quote it, or look for a stray ? or {"),
        ("<<: {a: b}", "f.yaml:1:1: merge keys (<<) are not used here; write the keys out"),
        ("a: \x00b", "f.yaml:1:1: the file holds a control character; remove it"),
        (b"a: b\nc: \xff", "f.yaml:2:4: the file is not UTF-8; save it as UTF-8"),
    ],
)  # fmt: skip
def test_what_is_not_strict_yaml_is_refused_with_its_place_and_a_remedy(text, said):
    assert refusal(text) == said


def test_a_small_bomb_of_aliases_is_refused():
    bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    bomb += [f"{c}: &{c} [{','.join(['*' + p] * 9)}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)]
    assert refusal("\n".join(bomb)).endswith("more than 500,000 values; split it")


def test_more_than_a_hundred_aliases_are_refused():
    assert "more than 100 aliases" in refusal("a: &a x\nb: [" + ",".join(["*a"] * 101) + "]")


def test_three_thousand_nested_brackets_are_refused():
    told = refusal("a: " + "[" * 3000)  # the column is ours, or where PyYAML gave up
    assert told.endswith(": nested more than 32 deep; no configuration needs that")


def test_a_thirty_third_bracket_has_its_place():
    told = refusal("a: " + "[" * 33 + "]" * 33)
    assert told == "f.yaml:1:35: nested more than 32 deep; no configuration needs that"


def test_a_file_over_one_mebibyte_is_refused():
    assert "4 MiB is the most" in refusal(b"#" * ((4 << 20) + 1))


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("r: abc def", 4, "f.yaml:1:8"),
        ("r: 'abc def'", 4, "f.yaml:1:9"),
        ("r: |\n  @a AND\n    (b OR c\n", 0, "f.yaml:2:3"),
        ("r: |\n  @a AND\n    (b OR c\n", 10, "f.yaml:3:6"),
        ("r: |\n\n  @a\n", 1, "f.yaml:3:3"),
        ("r: >\n  @a AND\n  b\n", 7, "f.yaml:1:4"),
    ],
)
def test_a_character_inside_a_value_has_its_place_in_the_file(text, offset, place):
    assert str(read_document("f.yaml", text.encode()).place_in(("r",), offset)) == place


def test_a_path_that_the_document_lacks_points_at_what_lacks_it():
    document = read_document("f.yaml", b"rules:\n  - {id: a}\n")
    assert str(document.place(("rules", 0, "match"))) == "f.yaml:2:5"
    assert str(document.key_place(("rules", 0, "id"))) == "f.yaml:2:6"


def place_of_refusal(noise: bytes) -> str:
    try:
        read_document("f.yaml", noise)
    except ConfigError as error:
        return str(error)
    return "f.yaml"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise):
    assert place_of_refusal(noise).startswith("f.yaml")
