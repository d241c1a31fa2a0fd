"""The cases of place names in Russian, Ukrainian, Polish and German, and the plurals of demonyms.

Rules for names as they stand in the nominative; a word that no rule fits is taken as undeclinable, so
that nothing is invented. Irregular names are written out in the tables.
"""

from collections.abc import Callable, Iterator

VELARS = "гкхжчшщ"
RUSSIAN_FEMININE_SOFT = {"Беларусь", "Сибирь", "Казань", "Керчь"}
UKRAINIAN_FEMININE_SOFT = {"Білорусь"}
UNDECLINED = {"Никарагуа", "Самоа", "Нікарагуа", "Самоа", "Папуа", "Антигуа", "Науру", "Гоа"}
SOFTENED = {"г": "з", "к": "ц", "х": "с"}

Cases = tuple[str, ...]
"""Genitive, dative, accusative, instrumental, prepositional."""


def russian_noun(word: str) -> Cases:
    """The five oblique cases of a Russian noun in the singular (plural: -ы)."""
    stem, last = word[:-1], word[-1:]
    if word in UNDECLINED:
        return (word,) * 5
    if word.endswith("ия"):
        return (stem + "и", stem + "и", stem + "ю", stem + "ей", stem + "и")
    if last == "я":
        return (stem + "и", stem + "е", stem + "ю", stem + "ей", stem + "е")
    if last == "а":
        genitive = stem + ("и" if stem[-1] in VELARS else "ы")
        return (genitive, stem + "е", stem + "у", stem + ("ей" if stem[-1] in "жшчщц" else "ой"), stem + "е")
    if last == "ь" and word in RUSSIAN_FEMININE_SOFT:
        return (stem + "и", stem + "и", word, word + "ю", stem + "и")
    if last in "ьй":
        return (stem + "я", stem + "ю", word, stem + "ем", stem + ("и" if word.endswith("ий") else "е"))
    if last == "ы":
        return (stem, stem + "ам", word, stem + "ами", stem + "ах")
    if last in "бвгдзклмнпрстфхчшж":
        return (word + "а", word + "у", word, word + "ом", word + "е")
    return (word,) * 5


def russian_adjective(word: str) -> Cases | None:
    """The cases of an adjective; nothing when the word is none."""
    stem, ending = word[:-2], word[-2:]
    if ending in {"ая", "яя"}:
        soft = "ей" if ending == "яя" else "ой"
        return (stem + soft, stem + soft, stem + ("юю" if ending == "яя" else "ую"), stem + soft, stem + soft)
    if ending in {"ый", "ий", "ой"} and len(word) > 5:
        instrumental = "им" if ending == "ий" else "ым"
        return (stem + "ого", stem + "ому", word, stem + instrumental, stem + "ом")
    return None


def ukrainian_noun(word: str) -> Cases:
    """The oblique cases of a Ukrainian noun; where two genitives are in use, the -у one."""
    stem, last = word[:-1], word[-1:]
    if word in UNDECLINED:
        return (word,) * 5
    if word.endswith("ія"):
        return (stem + "ї", stem + "ї", stem + "ю", stem + "єю", stem + "ї")
    if word.endswith(("ща", "ча", "ша", "жа")):
        return (stem + "і", stem + "і", stem + "у", stem + "ею", stem + "і")
    if last == "я":
        ending = "ї" if stem[-1] in "аеєиіїоуюя" else "і"
        instrumental = "єю" if ending == "ї" else "ею"
        return (stem + ending, stem + ending, stem + "ю", stem + instrumental, stem + ending)
    if last == "а":
        locative = stem[:-1] + SOFTENED.get(stem[-1], stem[-1]) + "і"
        return (stem + "и", locative, stem + "у", stem + "ою", locative)
    if last == "ь" and word in UKRAINIAN_FEMININE_SOFT:
        return (stem + "і", stem + "і", word, stem + "сю", stem + "і")
    if last == "ь":
        return (stem + "ю", stem + "я", word, stem + "ем", stem + "і")
    if last == "й":
        return (stem + "ю", stem + "я", word, stem + "єм", stem + "ї")
    if last == "и":
        return (stem, stem + "ам", word, stem + "ами", stem + "ах")
    if last in "бвгдзклмнпрстфхчшж":
        return (word + "у", word + "а", word, word + "ом", word + "і")
    return (word,) * 5


def ukrainian_adjective(word: str) -> Cases | None:
    """The cases of an adjective; nothing when the word is none."""
    if word.endswith(("ська", "ва", "на", "тна")) and word[0].isupper() and len(word) > 3:
        stem = word[:-1]
        return (stem + "ої", stem + "ій", stem + "у", stem + "ою", stem + "ій")
    if word.endswith("ий") and len(word) > 5:
        stem = word[:-2]
        return (stem + "ого", stem + "ому", word, stem + "им", stem + "ому")
    return None


def polish(name: str) -> Iterator[str]:
    """The oblique cases of Polish names in -ia, -ja; no others are sure."""
    if " " not in name and name.endswith(("ia", "ja")):
        stem = name[:-1]
        yield from (stem + "i", stem + "ę", stem + "ą")


def german(name: str) -> Iterator[str]:
    """The genitive of a German name of one word."""
    if " " not in name and "-" not in name and name[-1:] not in "sxzß":
        yield name + "s"


def slavic(
    name: str, noun: Callable[[str], Cases], adjective: Callable[[str], Cases | None]
) -> Iterator[str]:
    """The oblique cases of a name: [adjective] noun, or a hyphened name whose last part declines."""
    words = name.split(" ")
    if len(words) == 1:
        head, hyphen, tail = name.rpartition("-")
        cases = noun(tail)
        yield from (head + hyphen + case for case in cases)
        return
    first = adjective(words[0])
    if len(words) == 2 and first is not None:
        second = noun(words[1])
        yield from (f"{one} {two}" for one, two in zip(first, second, strict=True))


def russian(name: str) -> Iterator[str]:
    """The oblique cases of a Russian name."""
    return slavic(name, russian_noun, russian_adjective)


def ukrainian(name: str) -> Iterator[str]:
    """The oblique cases of a Ukrainian name."""
    return slavic(name, ukrainian_noun, ukrainian_adjective)


FORMS: dict[str, Callable[[str], Iterator[str]]] = {
    "ru": russian,
    "uk": ukrainian,
    "pl": polish,
    "de": german,
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
