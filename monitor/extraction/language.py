"""The language of an article: what is declared, held against the script it is written in."""

import re
from collections.abc import Iterable

__all__ = ["settle_language"]

# Script → languages written in it; the first stands where nothing fitting is declared.
_SCRIPTS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (name, re.compile(letters), tuple(languages.split()))
    for name, letters, languages in (
        ("hangul", "[가-힣]", "ko"),
        ("kana", "[ぁ-んァ-ヴ]", "ja"),
        ("han", "[一-鿿]", "zh yue ja ko"),
        ("cyrillic", "[Ѐ-ӿ]", "ru uk bg sr mk be kk ky mn tg tt ab ba cv os sah"),
        ("arabic", "[ء-يٮ-ۿ]", "ar fa ur ps ckb sd ug ku"),
        ("hebrew", "[א-ת]", "he yi iw"),
        ("greek", "[Ͱ-Ͽἀ-῾]", "el grc"),
        ("thai", "[ก-๎]", "th"),
        ("devanagari", "[ऀ-ॿ]", "hi mr ne sa"),
        ("bengali", "[ঀ-৿]", "bn as"),
        ("tamil", "[஀-௿]", "ta"),
        ("telugu", "[ఀ-౿]", "te"),
        ("gujarati", "[઀-૿]", "gu"),
        ("gurmukhi", "[਀-੿]", "pa"),
        ("kannada", "[ಀ-೿]", "kn"),
        ("malayalam", "[ഀ-ൿ]", "ml"),
        ("sinhala", "[඀-෿]", "si"),
        ("khmer", "[ក-៿]", "km"),
        ("burmese", "[က-႟]", "my"),
        ("lao", "[ກ-ໟ]", "lo"),
        ("georgian", "[Ⴀ-ჿ]", "ka"),
        ("armenian", "[԰-֏]", "hy"),
        ("amharic", "[ሀ-፿]", "am ti"),
        ("tibetan", "[ༀ-࿿]", "bo dz"),
    )
)
# Korean and Japanese mix their own letters with Chinese ones
_ENOUGH = {"hangul": 0.3, "kana": 0.1}
_LATIN = re.compile("[\x00-\u024f\u1e00-\u1eff\u2000-\u206f]+")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_LATIN = frozenset(language for _, _, languages in _SCRIPTS for language in languages) - {
    "kk",
    "ku",
    "sr",
    "mn",
}


def settle_language(text: str, declared: Iterable[str]) -> str:
    """The first declared language that the text's script allows, else the script's usual one, else "".

    Pages often declare their template's language: Korean text under lang="en" is Korean.

    >>> settle_language("북한군이 러시아에 있다", ["en", ""])
    'ko'
    >>> settle_language("Truppen in Russland", ["ru", "de-AT"])
    'de-AT'
    """
    sample = text[:1000]
    possible = _languages_of(sample)
    tags = [tag for tag in declared if tag]
    for tag in tags:
        language = tag.split("-")[0].lower()
        if (language in possible) if possible else (language not in _NOT_LATIN):
            return tag
    if possible:
        return possible[0]
    return "" if _LETTER.search(sample) else next(iter(tags), "")


def _languages_of(sample: str) -> tuple[str, ...]:
    """The languages of the script that most letters belong to; empty for Latin and for no letters."""
    letters = len(_LETTER.findall(sample))
    foreign = _LATIN.sub("", sample)
    if 3 * len(foreign) < letters:
        return ()
    for name, pattern, languages in _SCRIPTS:
        share = len(pattern.findall(foreign)) / letters
        if share > _ENOUGH.get(name, 0.5):
            return languages
    return ()
