"""Who is meant: the packs' names in sentences, found by the production engine."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from monitor.matching import Entity, Rule, Watchlist, compile_watchlists
from monitor.model import Article, Origin

Found = Callable[[str], set[str]]
WATCHED = """
dprk rok russia ukraine china taiwan japan mongolia thailand india indonesia myanmar united-states united-kingdom
germany france poland ireland northern-ireland italy greece netherlands bulgaria turkey georgia jordan oman qatar
palestine gaza west-bank cyprus northern-cyprus syria libya egypt chad mali niger nigeria congo dr-congo guinea
guinea-bissau equatorial-guinea papua-new-guinea sudan south-sudan togo dominica dominican-republic chile peru cuba
panama mexico haiti samoa american-samoa new-zealand australia tibet crimea kursk kosovo un eu who nato iaea
un-security-council putin kim-jong-un zelensky xi-jinping trump south-africa iran iraq israel montenegro kenya
"""


@pytest.fixture(scope="module")
def found(entities: Mapping[str, Entity]) -> Found:
    rules = tuple(Rule(id=name, match=f"@{name}") for name in WATCHED.split())
    watchlist = Watchlist(watchlist="senses", rules=rules)
    compiled = compile_watchlists({"senses": watchlist}, entities)
    assert [problem for problem in compiled.problems if problem.level == "error"] == []

    def names(text: str) -> set[str]:
        origin = Origin(source="test", outlet="Test")
        article = Article(
            url="", origin=origin, title="", body=text, fetched=datetime(2025, 1, 1, tzinfo=UTC)
        )
        return {match.rule for match in compiled.matcher.match(article)}

    return names


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # the two Koreas
        ("North Korea and South Korea", "dprk rok"),
        ("Democratic People's Republic of Korea", "dprk"),
        ("the Republic of Korea's navy", "rok"),
        ("South Koreans voted.", "rok"),
        ("북한이 남한에 전단을 보냈다.", "dprk rok"),
        ("북한군이 이동했다.", "dprk"),
        ("북한산에 올랐다.", ""),
        ("조선민주주의인민공화국 외무성", "dprk"),
        ("朝鲜发射导弹", "dprk"),
        ("南朝鲜是旧称", "rok"),
        ("朝鲜半岛局势", ""),
        ("北朝鮮と韓国", "dprk rok"),
        ("Пхеньян и Сеул", "dprk rok"),
        ("وكوريا الشمالية", "dprk"),
        ("северокорейскими и южнокорейскими", "dprk rok"),
        # Russia and its namesakes
        ("В Россию, из России, с Россией", "russia"),
        ("Moscow said so.", "russia"),
        ("the University of Idaho in Moscow, Idaho", ""),
        ("a Russian doll and Russian roulette", ""),
        ("白俄罗斯总统", ""),
        ("Kremlin spokesman", "russia"),
        ("Росія та Україна", "russia ukraine"),
        ("우크라이나와 러시아", "russia ukraine"),
        ("Russians in Kursk", "russia kursk"),
        ("the Kursk submarine", ""),
        # the same word, somebody else
        ("Georgia's governor spoke in Atlanta, Georgia.", ""),
        ("Georgia will vote, said Tbilisi.", "georgia"),
        ("Грузия проголосовала.", "georgia"),
        ("Michael Jordan scored.", ""),
        ("Jordan hosted Syrian refugees.", "jordan syria"),
        ("Иордания закрыла границу.", "jordan"),
        ("Chad Smith plays the drums.", ""),
        ("Refugees crossed into Chad from Darfur.", "chad"),
        ("Turkey signed.", "turkey"),
        ("they ate turkey and drank", ""),
        ("Türkiye signed.", "turkey"),
        ("Hanoi Ankara", "turkey"),
        ("bone china on the table", ""),
        ("China said so.", "china"),
        ("发展中国家的代表", ""),
        ("中国代表", "china"),
        ("the South China Sea", ""),
        ("Republic of China (Taiwan)", "taiwan"),
        ("People's Republic of China", "china"),
        ("Niger and Nigeria", "niger nigeria"),
        ("the Niger Delta", ""),
        ("尼日利亚总统", "nigeria"),
        ("Guinea-Bissau voted.", "guinea-bissau"),
        ("Equatorial Guinea voted.", "equatorial-guinea"),
        ("Papua New Guinea voted.", "papua-new-guinea"),
        ("Guinea voted.", "guinea"),
        ("a guinea pig", ""),
        ("Democratic Republic of the Congo", "dr-congo"),
        ("the Republic of the Congo", "congo"),
        ("DRC troops in eastern Congo", "dr-congo"),
        ("刚果民主共和国", "dr-congo"),
        ("South Sudan voted.", "south-sudan"),
        ("Sudan's army", "sudan"),
        ("경제적 수단을 동원했다.", ""),
        ("수단 정부군", "sudan"),
        ("Northern Ireland's assembly", "northern-ireland"),
        ("Ireland voted.", "ireland"),
        ("American Samoa", "american-samoa"),
        ("Samoa voted.", "samoa"),
        ("Dominican Republic", "dominican-republic"),
        ("Dominica voted.", "dominica"),
        ("the Panama Papers", ""),
        ("Panama voted.", "panama"),
        ("Cuba Gooding Jr. won.", ""),
        ("New Mexico voted.", ""),
        ("red chile sauce", ""),
        ("Chile voted.", "chile"),
        ("nail polish", ""),
        ("Polish soldiers", "poland"),
        ("New Zealand and Australia", "new-zealand australia"),
        ("Мали и Нигер", "mali niger"),
        ("马里奥游戏", ""),
        ("索马里海盗", ""),
        ("インドネシアとタイの代表", "indonesia thailand"),
        ("ネクタイの色", ""),
        ("上海地区", ""),
        ("海地总理", "haiti"),
        ("인도적 지원", ""),
        ("인도네시아", "indonesia"),
        ("인도가 반대했다.", "india"),
        ("the Indian Ocean", ""),
        ("内蒙古草原", ""),
        ("蒙古国总统", "mongolia"),
        ("South Africa", "south-africa"),
        ("南アジアの国", ""),
        ("الأردن والعراق", "jordan iraq"),
        ("Lebanon, Ohio", ""),
        ("Northern Cyprus", "northern-cyprus"),
        ("Black Mountain and Montenegro", "montenegro"),
        # acronyms and organisations
        ("join us tomorrow", ""),
        ("The US and the U.S. Navy", "united-states"),
        ("un homme", ""),
        ("the UN said", "un"),
        ("who said so", ""),
        ("the WHO said", "who"),
        ("Nato and NATO", "nato"),
        ("Совет Безопасности ООН", "un-security-council un"),
        ("联合国安理会", "un-security-council"),
        ("EU and UK", "eu united-kingdom"),
        # people
        ("Kim Jong-un met Vladimir Putin.", "kim-jong-un putin"),
        ("Зеленского и Путину", "zelensky putin"),
        ("习近平会见普京", "xi-jinping putin"),
    ],
)
def test_a_sentence_names_whom_its_readers_understand(found: Found, text: str, meant: str) -> None:
    assert found(text) == set(meant.split())
