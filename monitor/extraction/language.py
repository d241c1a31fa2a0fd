"""The language of an article: what is declared, held against the script it is written in."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

__all__ = ["settle_language"]

# Script → languages written in it; the first stands where nothing fitting is declared.
_SCRIPTS: tuple[tuple[str, str, tuple[str, ...]], ...] = tuple(
    (name, letters, tuple(languages.split()))
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
# The commonest small words of languages that share a script.
_LATIN_WORDS = {
    "en": "the of and to in a that is was for on with as he his by at from it this be are have has said not",
    "de": "der die und den das in von zu mit dem ist im des auf sich nicht für ein eine als auch er hat sie",
    "fr": "de la le les et des en un une du que à dans pour est qui par sur au plus ne pas il ce avec a",
    "es": "de la el que en y los del las un una por con para se al su como más es lo no ha fue",
    "pt": "de a o que e do da em os no na um uma para com as dos por se mais ao foi é não das",
    "it": "di e il la che in un per è una del le con non i da della si sono dei gli al ha nel anche",
    "nl": "de van het een en in is dat op te met voor zijn die niet aan er om ook als bij door hij heeft was",
    "sv": "och i att det som en på är av för med till den har inte ett om de var men sig så från vid",
    "da": "og i at det en er på til af for med den som har de ikke et om der var han men fra ved kan",
    "no": "og i det er på en som for til av at med har de ikke den et om var men han fra ved kan seg",
    "fi": "ja on ei että se hän oli mutta kun ovat myös mukaan ole joka niin kuin sen jo tai hänen",
    "pl": "w i na z się nie do to że jest o za od po jak przez dla który są oraz ale tym było",
    "cs": "a v se na že je s z do to o i ve k pro za by po si jako které od jeho který jsou",
    "hu": "a az és hogy nem is egy ez volt azt meg csak már el van ki de mint még ezt aki szerint",
    "ro": "de și în a la cu o pe din că pentru nu un este au mai care se al prin fost ca după",
    "tr": "ve bir bu da de için ile olarak olan çok daha en gibi sonra kadar ise ancak ne o dedi var",
    "id": "yang dan di dengan untuk dari pada ini itu dalam tidak akan ke oleh juga telah adalah ada bisa",
    "vi": "và của là các có được trong cho với không một những người đã này tại về khi đến ra từ",
}
_CYRILLIC_WORDS = {
    "ru": "и в на что с не по из для как от к за это его о до при также был все он быть их после ещё она",
    "uk": "і в на що з не у та за до як від для про це його є також після й із або було він під їх",
    "bg": "и на в за да се от е че са по с не до като но ще това си през при към беше след",
    "sr": "и у је да се на за са од су о не као из то који што до по али ће би",
}
_SMALL_WORDS = {
    language: frozenset(words.split()) for language, words in {**_LATIN_WORDS, **_CYRILLIC_WORDS}.items()
}
_WORD = re.compile(r"[^\W\d_]+")
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
    """The first declared language that the text bears out, else the one it is written in, else "".

    Pages often declare their template's language: Korean text under lang="en" is Korean. Where the script
    does not tell, the text's small words do, if there are enough of them.

    >>> settle_language("북한군이 러시아에 있다", ["en", ""])
    'ko'
    >>> settle_language("Truppen in Russland", ["ru", "de-AT"])
    'de-AT'
    """
    sample = text[:1200]
    possible = _languages_of(sample)
    tags = [tag for tag in declared if tag]
    fitting = [tag for tag in tags if _fits(_primary(tag), possible)]
    spoken = _spoken(sample, possible or tuple(_LATIN_WORDS))
    if spoken and spoken not in map(_primary, fitting):
        return spoken
    if fitting:
        return fitting[0]
    if possible:
        return possible[0]
    return "" if _LETTER.search(sample) else next(iter(tags), "")


def _primary(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0].lower()


def _fits(language: str, possible: Collection[str]) -> bool:
    return language in possible if possible else language not in _NOT_LATIN


def _spoken(sample: str, possible: Iterable[str]) -> str:
    """The language whose small words are at least an eighth of the text, and far ahead; "" if none is."""
    words = _WORD.findall(sample.lower())
    if len(words) < 30:
        return ""
    found = Counter(words)
    scores = {
        language: sum(found[word] for word in _SMALL_WORDS[language])
        for language in possible
        if language in _SMALL_WORDS
    }
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)
    if not ranked or 8 * scores[ranked[0]] < len(words):
        return ""
    ahead = len(ranked) == 1 or 3 * scores[ranked[0]] > 4 * scores[ranked[1]]
    return ranked[0] if ahead else ""


def _languages_of(sample: str) -> tuple[str, ...]:
    """The languages of the script that most letters belong to; empty for Latin and for no letters."""
    letters = len(_LETTER.findall(sample))
    foreign = _LATIN.sub("", sample)
    if not letters or 3 * len(foreign) < letters:
        return ()
    for name, script, languages in _SCRIPTS:
        share = len(re.findall(script, foreign)) / letters
        if share > _ENOUGH.get(name, 0.5):
            return languages
    return ()
