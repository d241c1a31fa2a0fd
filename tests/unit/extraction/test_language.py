from pathlib import Path

import pytest
from newsroom import read_yaml

from monitor.extraction.language import settle_language

LIGHTHOUSE = Path(__file__).parents[2] / "data" / "pages" / "lighthouse.yaml"
TEXTS = {
    said["language"]: " ".join([said["standfirst"], *said["paragraphs"]])
    for said in read_yaml(LIGHTHOUSE.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("language", sorted(set(TEXTS) - {"tr"}))
def test_a_template_in_another_language_does_not_mislead(language: str) -> None:
    assert settle_language(TEXTS[language], ["pl" if language != "ru" else "uk"]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_declaration_that_fits_is_kept_to_the_letter(language: str) -> None:
    assert settle_language(TEXTS[language], ["", f"{language}-XX"]) == f"{language}-XX"


@pytest.mark.parametrize("declared", ["de", "fr", "es"])
def test_a_quotation_in_the_declared_language_does_not_make_it_the_texts(declared: str) -> None:
    text = f"{TEXTS[declared][:60]} {TEXTS['en'][:500]}"

    assert settle_language(text, [declared]) == "en"


NEWS = {
    "lv": "Ministrs paziņoja, ka karavīri paliks pie robežas līdz gada beigām, bet vēstnieki tiksies Rīgā jau nākamnedēļ.",
    "is": "Forsætisráðherra sagði að herinn yrði áfram á landamærunum til loka ársins og að sendiherrar hittust í Reykjavík.",
    "ca": "El president ha dit que les tropes es quedaran a la frontera fins a finals d’any i que parlarà amb els ministres.",
    "sw": "Rais alisema kuwa jeshi litabaki mpakani hadi mwisho wa mwaka huu, na mawaziri watakutana mjini wiki ijayo kujadili usalama wa wananchi na hali ya uchumi wa nchi.",
    "mk": "Претседателот рече дека војската ќе остане на границата до крајот на годината, а министрите ќе се сретнат во Скопје.",
    "fa": "رئیس‌جمهور گفت که سربازان تا پایان سال در مرز می‌مانند و وزیران هفته آینده در تهران با یکدیگر دیدار می‌کنند و گزارش می‌دهند.",
    "mr": "राष्ट्राध्यक्षांनी सांगितले की सैनिक वर्षाच्या अखेरीपर्यंत सीमेवर राहतील आणि मंत्री पुढच्या आठवड्यात मुंबईत भेटतील आणि अहवाल देतील असे त्यांनी स्पष्ट केले.",
}


@pytest.mark.parametrize("language", NEWS)
def test_a_language_is_told_by_its_text_among_all_of_its_script(language: str) -> None:
    assert settle_language(NEWS[language], []) == language
    assert settle_language(NEWS[language], ["en-GB", "ru", "ar", "hi"]) == language


def test_close_relatives_are_what_they_are_declared_to_be() -> None:
    croatian = "Predsjednik je rekao da će vojska ostati na granici do kraja godine, a ministri će se sastati u Zagrebu."

    assert settle_language(croatian, ["sr-Latn"]) == "sr-Latn"
    assert settle_language(croatian, ["en"]) in {"hr", "bs", "sr"}


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Kim Jong Un", ["de"], "de"),
        ("Kim Jong Un", [], ""),
        ("2024", ["de"], "de"),
        ("سربازان کره شمالی", ["fa-IR"], "fa-IR"),
        ("سربازان کره شمالی", ["en"], "ar"),
        ("朝鲜军队", ["ja"], "ja"),
        ("Войска", ["kk"], "kk"),
        ("אוניית הקיטור", [], "he"),
    ],
)
def test_short_texts_rely_on_their_script_and_what_is_declared(
    text: str, declared: list[str], language: str
) -> None:
    assert settle_language(text, declared) == language
