import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction.charset import decode

RUSSIAN, KOREAN, JAPANESE, CHINESE = "Северная Корея", "북한군 러시아", "北朝鮮の兵士", "朝鲜军队进入俄罗斯"


def page(text: str, charset: str) -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>{text}'


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (KOREAN, "cp949", "euc-kr"),
        (KOREAN, "cp949", "ks_c_5601-1987"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "gb2312"),
        ("déjà – vu", "cp1252", "iso-8859-1"),
    ],
)
def test_the_meta_tag_is_believed_where_the_header_is_silent(text: str, codec: str, label: str) -> None:
    assert text in decode(page(text, label).encode(codec), "text/html")


@pytest.mark.parametrize(
    ("body", "content_type", "language"),
    [
        pytest.param(page(RUSSIAN, "windows-1251").encode("utf-8"), "", "", id="meta lies, bytes are utf-8"),
        pytest.param(
            page(RUSSIAN, "utf-8").encode("cp1251"), "text/html; charset=cp1251", "", id="header over meta"
        ),
        pytest.param(
            page(RUSSIAN, "cp1251").encode("cp1251"), "text/html; charset=ISO-8859-1", "", id="lazy header"
        ),
        pytest.param(
            RUSSIAN.encode("cp1251"), "text/html", "ru", id="nothing said, but the source is Russian"
        ),
        pytest.param(b"\xff\xfe" + RUSSIAN.encode("utf-16-le"), "", "", id="utf-16 by its mark"),
        pytest.param(
            b"\xef\xbb\xbf" + RUSSIAN.encode(), "text/html; charset=cp1251", "", id="utf-8 by its mark"
        ),
        pytest.param(RUSSIAN.encode() * 9 + b"\xd0", "", "", id="utf-8 cut in mid-letter"),
        pytest.param(RUSSIAN.encode(), "text/html; charset=no-such", "", id="unknown label"),
    ],
)
def test_wrong_and_missing_declarations_do_not_mislead(body: bytes, content_type: str, language: str) -> None:
    assert RUSSIAN in decode(body, content_type, language)


@given(st.binary(), st.sampled_from(["", "text/html; charset=euc-kr", "text/html; charset=utf-16"]))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)
