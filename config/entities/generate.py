"""Writes the entity packs beside it, from CLDR (Babel), pycountry and the tables.

Run it as `python config/entities/generate.py [FOLDER]`; the same tables and the same CLDR give the same
files. It needs Babel and pycountry (`pip install .[packs]`); the program itself needs neither.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pycountry
from babel import Locale
from declension import DEMONYMS, FORMS, declined

from monitor.config.schemas import modeline
from monitor.matching.fold import fold_words

HERE = Path(__file__).parent
KNOWN = "2025-06-30"
LANGUAGES = ("en", "ru", "uk", "ko", "zh_Hans", "zh_Hant", "ja", "ar", "es", "fr", "de", "pt")
"""Names, capitals and demonyms; the order is that of the columns of capitals.txt."""
NAMES_ONLY = ("pl", "it", "tr", "fa")
REGIONS = {
    "africa": "Places: Africa",
    "americas": "Places: the Americas",
    "asia": "Places: Asia",
    "europe": "Places: Europe",
    "middle-east": "Places: the Middle East and the Caucasus",
    "oceania": "Places: Oceania",
}
KINDS = {"organizations": ("organization", "International organisations"), "people": ("person", "Leaders")}
LISTS = ("names", "forms", "demonyms", "metonyms", "not")
WIDTH = 110
CLDR_NOISE = re.compile(r"\s*[(（][^)）]*[)）]|^о-ва? ")
SHORT_KANA = re.compile(r"[ァ-ヺー]{1,2}")
DANGEROUS_AS_YAML = re.compile(r"""^[\s"'&*!|>%@`{\[\]}#?:,-]|: | #|:$""")


@dataclass
class Entity:
    """One entity in the making."""

    kind: str = "place"
    lists: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in LISTS})
    needs: tuple[str, list[str], list[str]] | None = None
    typos: str = ""

    def add(self, listed: str, terms: Iterable[str]) -> None:
        """Append the terms that are not there yet."""
        for term in map(tidy, terms):
            if term and term not in self.lists[listed]:
                self.lists[listed].append(term)

    def drop(self, terms: Iterable[str], where: str) -> None:
        """Take terms out of every list; one that is in none is a mistake in the table."""
        for term in terms:
            holders = [listed for listed in self.lists.values() if term in listed]
            if not holders:
                sys.exit(f"{where}: drop: {term!r} is not there to be dropped")
            for listed in holders:
                listed.remove(term)


def tidy(term: str) -> str:
    """The term in NFC, with single spaces, plain apostrophes, no joiners, soft hyphens or article."""
    plain = term.replace("ʼ", "'").replace("\u200c", " ").replace("\xad", "").removeprefix("the ")
    return unicodedata.normalize("NFC", " ".join(plain.split()))


@cache
def fold(term: str) -> str:
    """What the matcher makes of a term, to see that two spellings are one."""
    return " ".join(fold_words(term))


def rows(path: Path) -> Iterator[list[str]]:
    """The cells of a table's lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


def terms_in(text: str, separator: str = ";") -> list[str]:
    """The terms of a cell; - is none."""
    return [part.strip() for part in text.split(separator) if part.strip() not in {"", "-"}]


def cldr_names(code: str) -> Iterator[tuple[str, str]]:
    """(language, name) as CLDR has them, without additions in parentheses."""
    for language in (*LANGUAGES, *NAMES_ONLY):
        name = Locale.parse(language).territories[code]
        clean = CLDR_NOISE.sub("", name).replace(" - ", "-").replace(" – ", "-").strip()
        if "&" in clean:
            yield language, clean.replace("&", "and")
        if not SHORT_KANA.fullmatch(clean) and (language in LANGUAGES or len(fold(clean)) >= 4):
            yield language, clean


def official_names(code: str) -> Iterator[str]:
    """English names as ISO 3166 has them, in the natural order of words."""
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return
    for key in ("official_name", "common_name"):
        name = getattr(country, key, "")
        if name and "," not in name:
            yield name


def inflected(names: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The oblique cases of (language, name), where rules for the language exist."""
    for language, name in names:
        if language in FORMS and name[:1].isupper():
            yield from declined(name, *FORMS[language])


def capital_names(capital: str, capitals: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(language, name) of a seat: a time zone's city in CLDR, or =a line of capitals.txt."""
    if capital.startswith("="):
        cells = capitals[capital[1:]]
        yield from ((language, cell) for language, cell in zip(LANGUAGES, cells, strict=True) if cell != "-")
    elif capital != "-":
        english = capital.rpartition("/")[2].replace("_", " ")
        for language in LANGUAGES:
            zone = Locale.parse(language).time_zones.get(capital, {})
            name = CLDR_NOISE.sub("", zone.get("city", english if language == "en" else ""))
            if name and not SHORT_KANA.fullmatch(name) and not re.fullmatch(r"[가-힣]", name):
                yield language, name


def place(cells: list[str], capitals: dict[str, list[str]]) -> Entity:
    """The entity that a line of a places table stands for."""
    code, _, *demonyms, capital = cells
    entity = Entity()
    if code != "-":
        entity.add("names", (name for _, name in cldr_names(code)))
        entity.add("names", official_names(code))
        entity.add("forms", inflected(cldr_names(code)))
    for written, expand in zip(demonyms, DEMONYMS, strict=True):
        for word in terms_in(written, ","):
            exact = word.startswith("=") and expand is DEMONYMS[0]
            entity.add("demonyms", [word[1:]] if exact else expand(word))
    cities = list(capital_names(capital, capitals))
    entity.add("metonyms", (name for _, name in cities))
    entity.add("metonyms", inflected((language, name) for language, name in cities if language != "de"))
    return entity


def blocks(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Each id with its lines as key and text, in the order of the file."""
    found: dict[str, list[tuple[str, str]]] = {}
    lines: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            key, _, text = line.partition(": ")
            lines.append((key, text))
    return found


def amend(entity: Entity, lines: list[tuple[str, str]], where: str) -> None:
    """Apply what a table says about an entity, line by line."""
    for key, text in lines:
        if key == "drop":
            entity.drop(map(tidy, terms_in(text)), where)
        elif key == "exact":
            entity.add("metonyms", terms_in(text))
        elif key == "typos":
            entity.typos = text
        elif key.startswith("needs"):
            within, _, of = key.removeprefix("needs ").partition(" for ")
            entity.needs = (within, terms_in(of), terms_in(text))
        else:
            entity.add(key, terms_in(text))


def once(terms: list[str]) -> list[str]:
    """Of spellings that fold to the same, one: the plainest, in the place of the first."""
    chosen: dict[str, str] = {}
    for term in terms:
        if not chosen.get(fold(term), "").isascii() or fold(term) not in chosen:
            chosen[fold(term)] = term if term.isascii() else chosen.get(fold(term), term)
    return list(chosen.values())


def settle(entity: Entity) -> None:
    """Say each term once: names before demonyms before forms before metonyms."""
    said: set[str] = set()
    for listed in ("names", "demonyms", "forms", "metonyms"):
        exact = listed == "metonyms"
        terms = entity.lists[listed] if exact else once(entity.lists[listed])
        entity.lists[listed] = [term for term in terms if fold(term) not in said]
        said.update(map(fold, terms))
    if entity.needs:
        within, of, company = entity.needs
        spelt = {fold(term): term for listed in LISTS[:4] for term in entity.lists[listed]}
        entity.needs = (within, list(dict.fromkeys(spelt[fold(term)] for term in of)), company)


def scalar(key: str, terms: list[str], indent: int) -> str:
    """`key: a; b; c`, broken over lines between terms; quoted where YAML would misread it."""
    text = "; ".join(terms)
    quote = "'" if DANGEROUS_AS_YAML.search(text) else ""
    words = [term + ";" for term in terms[:-1]] + terms[-1:]
    if quote:
        words = [word.replace("'", "''") for word in words]
    lines = [" " * indent + f"{key}: {quote}"]
    for number, word in enumerate(words):
        if len(lines[-1]) + len(word) > WIDTH and number:
            lines[-1] = lines[-1].rstrip()
            lines.append(" " * (indent + 2))
        lines[-1] += word + (" " if number < len(words) - 1 else quote)
    return "\n".join(line.rstrip() for line in lines)


def written(title: str, entities: dict[str, Entity]) -> str:
    """A pack as YAML."""
    languages = "; ".join(language.replace("_", "-") for language in (*LANGUAGES, *NAMES_ONLY))
    lines = [
        modeline("entities", 1),
        "# Made by generate.py from CLDR and the tables beside it; change those, not this file.",
        f"# With Babel {version('babel')} and pycountry {version('pycountry')}.",
        "version: 1",
        f'title: "{title}"',
        f"known: {KNOWN}",
        f"languages: {languages}",
        "entities:",
    ]
    for name, entity in entities.items():
        lines += [f"  {name}:", f"    kind: {entity.kind}"]
        lines += [scalar(key, entity.lists[key], 4) for key in LISTS if entity.lists[key]]
        lines += [f"    typos: {entity.typos}"] if entity.typos else []
        if entity.needs:
            within, of, company = entity.needs
            lines += ["    needs:", f"      within: {within}"]
            lines += [scalar("for", of, 6)] if of else []
            lines.append(scalar("any", company, 6))
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Write every pack into the folder."""
    tables = HERE / "tables"
    capitals = {cells[0]: cells for cells in rows(tables / "capitals.txt")}
    files: dict[str, dict[str, Entity]] = {}
    for region in REGIONS:
        listed = (cells for cells in rows(tables / f"places-{region}.txt"))
        files[region] = {cells[1]: place(cells, capitals) for cells in listed}
    places = {name: entity for listed in files.values() for name, entity in listed.items()}
    for name, lines in blocks(tables / "more.txt").items():
        amend(places[name], lines, f"more.txt [{name}]")
    for stem, (kind, _) in KINDS.items():
        files[stem] = {}
        for name, lines in blocks(tables / f"{stem}.txt").items():
            entity = files[stem][name] = Entity(kind=kind)
            amend(entity, lines, f"{stem}.txt [{name}]")
    for stem, entities in files.items():
        for entity in entities.values():
            settle(entity)
        title = REGIONS.get(stem) or KINDS[stem][1]
        (folder / f"{stem}.yaml").write_text(written(title, entities), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
