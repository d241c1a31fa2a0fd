"""The cases of place names in Russian, Ukrainian, Polish and German, and the endings of demonyms.

Rules for names as they stand in the nominative; a word that no rule fits is taken as undeclinable, so
that nothing is invented. Irregular names are written out in the tables.
"""

import re
from collections.abc import Callable, Iterator

Rules = tuple[tuple[str, str], ...]
"""What a word ends in, and the endings of its cases from genitive to prepositional; - is none."""

RUSSIAN_NOUNS: Rules = (
    (r"ия$", "ии ии ию ией ии"),
    (r"я$", "и е ю ей е"),
    (r"(?<=[гкх])а$", "и е у ой е"),
    (r"(?<=[жшчщ])а$", "и е у ей е"),
    (r"(?<=ц)а$", "ы е у ей е"),
    (r"(?<=[бвдзлмнпрстф])а$", "ы е у ой е"),
    (r"(?<=Беларус)ь$", "и и ь ью и"),
    (r"ь$", "я ю ь ем е"),
    (r"ий$", "ия ию ий ием ии"),
    (r"й$", "я ю й ем е"),
    (r"ы$", "- ам ы ами ах"),
    (r"(?<=[жшчщц])$", "а у - ем е"),
    (r"(?<=[бвгдзклмнпрстфх])$", "а у - ом е"),
)
RUSSIAN_ADJECTIVES: Rules = (
    (r"яя$", "ей ей юю ей ей"),
    (r"ая$", "ой ой ую ой ой"),
    (r"(?<=[гкх])ий$", "ого ому ий им ом"),
    (r"ый$", "ого ому ый ым ом"),
)
UKRAINIAN_NOUNS: Rules = (
    (r"ія$", "ії ії ію ією ії"),
    (r"(?<=[аеєиіїоуюя])я$", "ї ї ю єю ї"),
    (r"я$", "і і ю ею і"),
    (r"(?<=[жчшщ])а$", "і і у ею і"),
    (r"ка$", "ки ці ку кою ці"),
    (r"га$", "ги зі гу гою зі"),
    (r"ха$", "хи сі ху хою сі"),
    (r"(?<=[бвдзлмнпрстф])а$", "и і у ою і"),
    (r"(?<=Білорус)ь$", "і і ь сю і"),
    (r"ь$", "ю я ь ем і"),
    (r"й$", "ю я й єм ї"),
    (r"(?<=[бвдклнрт])и$", "- ам и ами ах"),
    (r"(?<=[бвгдзклмнпрстфхжшчщц])$", "у у - ом і а"),
)
UKRAINIAN_ADJECTIVES: Rules = (
    (r"(?<=[бвнк])а$", "ої ій у ою ій"),
    (r"ий$", "ого ому ий им ому"),
)
POLISH_NOUNS: Rules = ((r"(?<=[ij])a$", "i i ę ą i"),)
WITHOUT_GENITIVE = ("inseln", "diven", "ellen", "moren", "monen", "lande", "ei")
GERMAN_NOUNS: Rules = (
    ("|".join(rf"$(?<={ending})" for ending in WITHOUT_GENITIVE), "- - - - -"),
    (r"(?<=[^\Wsxzß])$", "s - - - -"),
)


def cases(word: str, rules: Rules) -> list[str]:
    """The oblique cases of a word by the first rule that fits (a sixth is a second genitive)."""
    for ending, endings in rules:
        if found := re.search(ending, word):
            stem = word[: found.start()]
            return [stem + written.strip("-") for written in endings.split()]
    return []


def declined(name: str, nouns: Rules, adjectives: Rules = ()) -> Iterator[str]:
    """The oblique cases of a name: a noun, adjective and noun, or hyphened (its last part declines)."""
    *before, last = name.split(" ")
    head, hyphen, tail = last.rpartition("-")
    if not before:
        yield from (head + hyphen + case for case in cases(tail, nouns))
    elif len(before) == 1 and not hyphen:
        pairs = zip(cases(before[0], adjectives), cases(last, nouns), strict=False)
        yield from (f"{adjective} {noun}" for adjective, noun in pairs)


FORMS: dict[str, tuple[Rules, ...]] = {
    "ru": (RUSSIAN_NOUNS, RUSSIAN_ADJECTIVES),
    "uk": (UKRAINIAN_NOUNS, UKRAINIAN_ADJECTIVES),
    "pl": (POLISH_NOUNS,),
    "de": (GERMAN_NOUNS,),
}
"""What makes the forms of a name, by language."""


def english_demonyms(word: str) -> Iterator[str]:
    """The demonym and its plural, where it has one."""
    yield word
    if not word.endswith(("ese", "ish", "ch", "ss", "x", "s", "men")):
        yield word + "s"


def slavic_demonyms(stem: str) -> Iterator[str]:
    """The adjective (or people's name) with any ending."""
    yield stem + "*"


def german_demonyms(word: str) -> Iterator[str]:
    """Adjectives with any ending; people in singular and plural."""
    if word[:1].islower() or word.startswith("US-"):
        yield word + "*"
        return
    yield word
    if word.endswith("er"):
        yield from (word + "n", word + "s")
    elif word.endswith("e"):
        yield word + "n"


def french_demonyms(word: str) -> Iterator[str]:
    """Both genders and numbers."""
    yield word
    if word.endswith("e"):
        yield word + "s"
        return
    plural = "" if word.endswith("s") else "s"
    feminine = word + ("ne" if word.endswith(("ien", "éen", "on")) else "e")
    if plural:
        yield word + plural
    if not word.endswith("c"):
        yield from (feminine, feminine + "s")


def spanish_demonyms(word: str) -> Iterator[str]:
    """A stem in both genders and numbers (=word and words that end in a vowel or -s stay as they are)."""
    if word.startswith("="):
        yield word[1:]
    elif word.endswith("és"):
        yield from (word, word[:-2] + "eses")
    elif word[-1] in "sê":
        yield word
    elif word[-1] in "aeoíúãl":
        yield from (word, word + "s")
    else:
        yield from (word + ending for ending in ("o", "a", "os", "as"))


DEMONYMS: tuple[Callable[[str], Iterator[str]], ...] = (
    english_demonyms,
    slavic_demonyms,
    slavic_demonyms,
    german_demonyms,
    french_demonyms,
    spanish_demonyms,
)
"""What makes demonyms of the columns of the places tables, in their order."""
