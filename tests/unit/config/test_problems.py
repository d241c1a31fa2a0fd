from enum import StrEnum

import pytest
from pydantic import Field, ValidationError, field_validator

from monitor.config.document import read_document
from monitor.config.problems import problem_of
from monitor.settings import Duration, Settings


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Door(Settings):
    colour: Colour = Colour.RED
    wide: int = 1
    wait: Duration | None = None


class Back(Settings):
    kind: str = "back"
    lamp: str = ""


class House(Settings):
    name: str
    doors: tuple[Door, ...] = ()
    rooms: dict[str, Door | Back] = Field(default_factory=dict)
    from_: str = Field(default="", alias="from")

    @field_validator("name")
    @classmethod
    def _proper(cls, name: str) -> str:
        if not name.istitle():
            raise ValueError(f"{name!r} is no proper name; write it with a capital")
        return name


def problems(text: str) -> list[str]:
    document = read_document("h.yaml", text.encode())
    with pytest.raises(ValidationError) as raised:
        House.model_validate(document.value)
    return [str(problem_of(document, House, error)) for error in raised.value.errors(include_url=False)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("doors: []", ["h.yaml:1:1: name is missing; add name: …"]),
        ("name: Hill\ndors: []", ["h.yaml:2:1: unknown key 'dors'; did you mean 'doors'?"]),
        ("name: Hill\nform: x", ["h.yaml:2:1: unknown key 'form'; did you mean 'from'?"]),
        (
            "name: Hill\ndoors:\n  - {color: red}",
            ["h.yaml:3:6: unknown key 'color'; did you mean 'colour'?"],
        ),
        (
            "name: Hill\ndoors: [{colour: gren}]",
            ["h.yaml:2:18: colour is 'gren', expected one of red, green; did you mean 'green'?"],
        ),
        ("name: hill", ["h.yaml:1:7: 'hill' is no proper name; write it with a capital"]),
        (
            "name: Hill\ndoors: [{wait: soon}]",
            ["h.yaml:2:16: 'soon' is not a duration; write a number and a unit, like 30s, 15m, 2h or 90d"],
        ),
        (
            "name: Hill\ndoors: [{wide: x}]",
            ["h.yaml:2:16: wide is 'x'; write a whole number"],
        ),
    ],
)  # fmt: skip
def test_a_validation_error_says_where_what_and_what_would_be_right(text, said):
    assert problems(text) == said


def test_all_errors_of_a_file_are_told_at_once():
    assert len(problems("name: hill\ndors: []\ndoors: [{colour: gren}, {wide: x}]")) == 4
