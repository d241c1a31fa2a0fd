"""The entity packs: complete, in one normal form, each name somebody's alone."""

import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from monitor.matching.fold import fold_words
from monitor.matching.watchlist import Entity, EntityFile

# The 193 members of the United Nations, by a name that their entity must carry.
MEMBERS = """
Afghanistan; Albania; Algeria; Andorra; Angola; Antigua and Barbuda; Argentina; Armenia; Australia; Austria;
Azerbaijan; Bahamas; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bhutan; Bolivia;
Bosnia and Herzegovina; Botswana; Brazil; Brunei Darussalam; Bulgaria; Burkina Faso; Burundi; Cabo Verde;
Cambodia; Cameroon; Canada; Central African Republic; Chad; Chile; China; Colombia; Comoros;
Republic of the Congo; Costa Rica; Ivory Coast; Croatia; Cuba; Cyprus; Czechia;
Democratic People's Republic of Korea; Democratic Republic of the Congo; Denmark; Djibouti; Dominica;
Dominican Republic; Ecuador; Egypt; El Salvador; Equatorial Guinea; Eritrea; Estonia; Eswatini; Ethiopia; Fiji;
Finland; France; Gabon; Gambia; Georgia; Germany; Ghana; Greece; Grenada; Guatemala; Guinea; Guinea-Bissau;
Guyana; Haiti; Honduras; Hungary; Iceland; India; Indonesia; Iran; Iraq; Ireland; Israel; Italy; Jamaica; Japan;
Jordan; Kazakhstan; Kenya; Kiribati; Kuwait; Kyrgyzstan; Laos; Latvia; Lebanon; Lesotho; Liberia; Libya;
Liechtenstein; Lithuania; Luxembourg; Madagascar; Malawi; Malaysia; Maldives; Mali; Malta; Marshall Islands;
Mauritania; Mauritius; Mexico; Micronesia; Moldova; Monaco; Mongolia; Montenegro; Morocco; Mozambique; Myanmar;
Namibia; Nauru; Nepal; Netherlands; New Zealand; Nicaragua; Niger; Nigeria; North Macedonia; Norway; Oman;
Pakistan; Palau; Panama; Papua New Guinea; Paraguay; Peru; Philippines; Poland; Portugal; Qatar;
Republic of Korea; Romania; Russian Federation; Rwanda; Saint Kitts and Nevis; Saint Lucia;
Saint Vincent and the Grenadines; Samoa; San Marino; Sao Tome and Principe; Saudi Arabia; Senegal; Serbia;
Seychelles; Sierra Leone; Singapore; Slovakia; Slovenia; Solomon Islands; Somalia; South Africa; South Sudan;
Spain; Sri Lanka; Sudan; Suriname; Sweden; Switzerland; Syria; Tajikistan; Thailand; Timor-Leste; Togo; Tonga;
Trinidad and Tobago; Tunisia; Türkiye; Turkmenistan; Tuvalu; Uganda; Ukraine; United Arab Emirates;
United Kingdom; Tanzania; United States of America; Uruguay; Uzbekistan; Vanuatu; Venezuela; Vietnam; Yemen;
Zambia; Zimbabwe
"""
TERRITORIES = """
taiwan hong-kong macau palestine kosovo western-sahara crimea donetsk luhansk gaza west-bank kashmir puerto-rico
greenland somaliland transnistria abkhazia south-ossetia nagorno-karabakh northern-cyprus tibet xinjiang
northern-ireland american-samoa holy-see
"""
ORGANIZATIONS = "un un-security-council iaea nato eu osce icc who asean brics g7 imf"
SCRIPTS = {"LATIN", "CYRILLIC", "HANGUL", "CJK", "ARABIC"}


def terms(entity: Entity) -> Iterator[str]:
    yield from (*entity.names, *entity.forms, *entity.demonyms, *entity.metonyms)


@cache
def folded(term: str) -> str:
    return " ".join(fold_words(term))


def scripts(words: tuple[str, ...]) -> set[str]:
    return {
        unicodedata.name(letter, "").partition(" ")[0]
        for word in words
        for letter in word
        if letter.isalpha()
    }


def test_every_member_of_the_united_nations_is_an_entity(entities: Mapping[str, Entity]) -> None:
    members = [" ".join(name.split()) for name in MEMBERS.split(";")]
    assert len(members) == len(set(members)) == 193
    written = {key: {folded(term) for term in terms(entity)} for key, entity in entities.items()}
    bearers = {name: [key for key, own in written.items() if folded(name) in own] for name in members}
    assert {name: keys for name, keys in bearers.items() if len(keys) != 1} == {}
    assert len({keys[0] for keys in bearers.values()}) == 193


def test_the_territories_in_the_news_and_the_main_organisations_are_entities(
    entities: Mapping[str, Entity],
) -> None:
    assert set(f"{TERRITORIES} {ORGANIZATIONS}".split()) - set(entities) == set()


def test_no_entity_stands_in_two_packs(packs: Mapping[str, EntityFile]) -> None:
    times = Counter(name for pack in packs.values() for name in pack.entities)
    assert [name for name, number in times.items() if number > 1] == []


def test_every_pack_names_its_languages_and_the_date_of_knowledge(packs: Mapping[str, EntityFile]) -> None:
    wanted = {"en", "ru", "uk", "ko", "zh-Hans", "zh-Hant", "ja", "ar", "es", "fr", "de"}
    assert [name for name, pack in packs.items() if wanted - set(pack.languages)] == []
    assert all(pack.known and pack.title for pack in packs.values())


def test_every_place_has_names_in_every_script(packs: Mapping[str, EntityFile]) -> None:
    places = {name: entity for pack in packs.values() for name, entity in pack.entities.items()}
    lacking = {
        name: SCRIPTS - scripts((*entity.names, *entity.forms, *entity.metonyms))
        for name, entity in places.items()
        if entity.kind == "place"
    }
    assert {name: missing for name, missing in lacking.items() if missing} == {}
    without_kana = {
        name
        for name, entity in places.items()
        if "KATAKANA" not in scripts((*entity.names, *entity.metonyms))
    }
    assert without_kana & {name for name in places if places[name].kind == "place"} == {
        "china",
        "dprk",
        "japan",
    }


def test_every_term_is_in_nfc_and_holds_something_to_find(entities: Mapping[str, Entity]) -> None:
    everything = [
        (name, term) for name, entity in entities.items() for term in (*terms(entity), *entity.not_)
    ]
    assert [pair for pair in everything if not unicodedata.is_normalized("NFC", pair[1])] == []
    assert [pair for pair in everything if not folded(pair[1])] == []


def test_an_alias_is_one_entitys_alone_or_asks_for_company(entities: Mapping[str, Entity]) -> None:
    bearers: dict[str, set[str]] = defaultdict(set)
    for name, entity in entities.items():
        for term in terms(entity):
            bearers[folded(term)].add(name)
    shared = {alias: names for alias, names in bearers.items() if len(names) > 1}
    unguarded = {
        alias: names
        for alias, names in shared.items()
        if not any(entities[name].needs or alias in map(folded, entities[name].not_) for name in names)
    }
    assert unguarded == {}


def test_an_entity_says_a_name_once(entities: Mapping[str, Entity]) -> None:
    for name, entity in entities.items():
        for listed in (entity.names, entity.demonyms):
            times = Counter(map(folded, listed))
            assert (name, [term for term, number in times.items() if number > 1]) == (name, [])


def test_what_an_entity_is_not_is_never_one_of_its_own_names(entities: Mapping[str, Entity]) -> None:
    for name, entity in entities.items():
        own = {folded(term) for term in (*entity.names, *entity.forms, *entity.demonyms)}
        assert (name, own & {folded(term) for term in entity.not_}) == (name, set())


def test_names_that_need_company_are_names(entities: Mapping[str, Entity]) -> None:
    for name, entity in entities.items():
        wanted = set(entity.needs.of if entity.needs else ())
        assert (name, wanted - set(terms(entity))) == (name, set())


@pytest.mark.parametrize(
    ("entity", "written"),
    [
        ("dprk", "북한"), ("dprk", "朝鲜"), ("dprk", "北韓"), ("dprk", "北朝鮮"), ("dprk", "КНДР"),
        ("dprk", "Северной Кореей"), ("dprk", "كوريا الشمالية"), ("dprk", "Corée du Nord"), ("dprk", "북조선"),
        ("rok", "한국"), ("rok", "南朝鲜"), ("rok", "韩国"), ("rok", "Südkorea"), ("russia", "Россией"),
        ("russia", "俄羅斯"), ("russia", "Росії"), ("ukraine", "우크라이나"), ("dr-congo", "刚果民主共和国"),
        ("congo", "刚果共和国"), ("turkey", "튀르키예"), ("georgia", "Грузии"), ("taiwan", "台灣"),
        ("united-states", "США"), ("south-sudan", "Южном Судане"), ("niger", "尼日尔"), ("nigeria", "奈及利亞"),
    ],
)  # fmt: skip
def test_a_place_is_known_as_its_readers_write_it(
    entities: Mapping[str, Entity], entity: str, written: str
) -> None:
    assert folded(written) in {folded(term) for term in terms(entities[entity])}


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def test_running_the_generator_again_gives_the_same_files(config: Path, tmp_path: Path) -> None:
    script = config / "entities" / "generate.py"
    shipped = {file.name: file.read_text(encoding="utf-8") for file in script.parent.glob("*.yaml")}
    made_with = f"# With Babel {installed('babel')} and pycountry {installed('pycountry')}."
    if made_with != shipped["africa.yaml"].splitlines()[2]:
        pytest.skip(f"{shipped['africa.yaml'].splitlines()[2][2:]} would be needed: pip install .[packs]")
    subprocess.run([sys.executable, "-B", script, tmp_path], check=True)
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == shipped
