from pathlib import Path

import pytest
import yaml

from monitor.extraction.language import settle_language

LIGHTHOUSE = Path(__file__).parents[2] / "data" / "pages" / "lighthouse.yaml"
TEXTS = {
    said["language"]: " ".join([said["standfirst"], *said["paragraphs"]])
    for said in yaml.safe_load(LIGHTHOUSE.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("language", sorted(set(TEXTS) - {"tr"}))
def test_a_template_in_another_language_does_not_mislead(language: str) -> None:
    assert settle_language(TEXTS[language], ["pl" if language != "ru" else "uk"]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_declaration_that_fits_is_kept_to_the_letter(language: str) -> None:
    assert settle_language(TEXTS[language], ["", f"{language}-XX"]) == f"{language}-XX"


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
