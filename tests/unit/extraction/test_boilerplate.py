import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction.blocks import Block, Known, Role, Shape
from monitor.extraction.boilerplate import is_aside, judge
from monitor.extraction.lines import is_credited
from monitor.extraction.prose import folded

T, C, F = Role.TEXT, Role.CAPTION, Role.FURNITURE
SENTENCE = "The ferry left the pier two hours after its time on Tuesday, and nobody told the passengers why."
OTHER = "The captain, who lives above the bakery, did not open his door when the harbour master knocked."


def roles(*texts: str | Block, **known: object) -> list[Role]:
    blocks = [Block(text) if isinstance(text, str) else text for text in texts]
    return judge(blocks, Known(**known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([SENTENCE, OTHER], [T, T], id="sentences"),
        pytest.param([SENTENCE, "Next week the court decides.", OTHER], [T, T, T], id="next is a word too"),
        pytest.param([SENTENCE, "Related: Whale follows ferry", OTHER], [T, F, T], id="announced with a colon"),
        pytest.param([SENTENCE, "READ MORE | Whale follows ferry", OTHER], [T, F, T], id="announced with a bar"),
        pytest.param([SENTENCE, "Read more", "Whale follows ferry", OTHER], [T, F, F, T], id="announced above"),
        pytest.param([SENTENCE, "Related cases were closed in May.", OTHER], [T, T, T], id="a cue inside a sentence"),
        pytest.param(["By Ida Berg", "23 October 2024, 14:05", SENTENCE], [F, F, T], id="byline and date"),
        pytest.param(["From: Skarvness Post", "From Monday on nothing sails", SENTENCE], [F, T, T], id="the house it is from"),
        pytest.param(["A quiet harbour wakes to an empty pier", SENTENCE], [T, T], id="a standfirst stays"),
        pytest.param([SENTENCE, "A gull sits on the pier (Reuters)", OTHER], [T, C, T], id="credit at the end"),
        pytest.param([SENTENCE, "Photo: Ida Berg", OTHER], [T, C, T], id="credit at the beginning"),
        pytest.param([SENTENCE, "He told Reuters that he was ill.", OTHER], [T, T, T], id="an agency as a source"),
        pytest.param([SENTENCE, OTHER, "Whale follows ferry into the fjord"], [T, T, F], id="a headline at the end"),
        pytest.param([SENTENCE, OTHER, "ida@post.example"], [T, T, F], id="an address at the end"),
        pytest.param([SENTENCE, OTHER, "Copyright 2024 The Post. All rights reserved."], [T, T, F], id="copyright"),
        pytest.param([SENTENCE, OTHER, "Follow us on every platform."], [T, T, F], id="a call to follow"),
        pytest.param([SENTENCE, "Whale follows ferry", "Bakers strike", "Snow ploughs sold", OTHER], [T, F, F, F, T], id="a run of headlines"),
        pytest.param(["Whale follows ferry", "Bakers strike over rye"], [T, T], id="nothing but headlines"),
        pytest.param([SENTENCE, "The programme:", "Words by the mayor", "Lunch on the pier", "A walk to the light", OTHER], [T] * 6, id="lines that a colon opens"),
        pytest.param([SENTENCE, "The light, the light,", "it turns for you,", "it turns for the gulls", OTHER], [T] * 5, id="verses"),
        pytest.param([SENTENCE, "300 g of rye flour", "2 spoons of salt water", "1 pinch of patience", OTHER], [T] * 5, id="ingredients"),
        pytest.param([SENTENCE, *(f"Ferry of line {letter} is late" for letter in "abcdefgh"), OTHER], [T] * 10, id="more lines than a list of stories has"),
        pytest.param([SENTENCE, "Tags: whales, ferries", OTHER], [T, F, T], id="a label of the page"),
        pytest.param([SENTENCE, "Follow Ida Berg of the Post on Mastodon."], [T, F], id="a call to follow somebody"),
        pytest.param(["Home > World > Skarvness", SENTENCE], [F, T], id="where the page stands"),
        pytest.param([SENTENCE, OTHER, "Further links:"], [T, T, F], id="a colon that opens nothing"),
        pytest.param(["The light turns", "Chorus:", "it turns for the gulls"], [T, T, T], id="a colon is no sentence"),
        pytest.param(["160 gulls count the ferries of one harbour", SENTENCE], [T, T], id="a figure is no date"),
        pytest.param(["Skarvness elects its harbour master of 2024", SENTENCE], [T, T], id="a year is no date"),
        pytest.param(["2014年灯塔管理员退休", SENTENCE], [T, T], id="a year is no date in Chinese"),
        pytest.param(["Skarvness News Desk", "4 min read", "Ida Berg @ida_of_the_post", "Edited by Arne", SENTENCE], [F, F, F, F, T], id="who wrote, and how long it takes"),
        pytest.param([SENTENCE, "The desk of the correspondent", OTHER], [T, T, T], id="no writer amid the text"),
        pytest.param([SENTENCE, "WATCH: Whale follows ferry into the fjord", OTHER], [T, F, T], id="a kicker"),
        pytest.param([SENTENCE, "Opinion | Whales have had enough", OTHER], [T, F, T], id="a kicker and a bar"),
        pytest.param([SENTENCE, "▶ Whale follows ferry", "» Bakers strike over rye", OTHER], [T, F, F, T], id="arrows"),
        pytest.param([SENTENCE, "#whales #ferries", OTHER], [T, F, T], id="hashtags"),
        pytest.param([SENTENCE, "Interview: Ida Berg", OTHER], [T, T, T], id="a kicker needs a headline"),
        pytest.param([SENTENCE, "More: the harbour master spoke at noon.", OTHER], [T, T, T], id="a kicker leads no sentence"),
        pytest.param([SENTENCE, "Share", OTHER], [T, F, T], id="a label alone"),
        pytest.param([SENTENCE, "Sign up for the Post's newsletter and hear the whale first.", OTHER], [T, F, T], id="a call amid the text"),
        pytest.param([SENTENCE, "Подписывайтесь на наш канал в Telegram.", OTHER], [T, F, T], id="a call in Russian"),
        pytest.param([SENTENCE, "Síguenos en Facebook y X", OTHER], [T, F, T], id="a call in Spanish"),
        pytest.param([SENTENCE, "Jetzt hat Facebook den Kapitän gesperrt.", OTHER], [T, T, T], id="news of a network"),
        pytest.param([SENTENCE, "Follow the money, he wrote on Telegram.", OTHER], [T, T, T], id="an order is no call"),
        pytest.param([SENTENCE, "“Follow us on Telegram,” he said.", OTHER], [T, T, T], id="a call that is quoted"),
        pytest.param([SENTENCE, "© 2024 The Post", OTHER], [T, F, T], id="rights amid the text"),
        pytest.param([SENTENCE, "We may earn a commission from links on this page.", OTHER], [T, F, T], id="an affiliate's notice"),
        pytest.param(["Nobody knows why the ferry is late.", "By Ida Berg", SENTENCE, OTHER], [T, F, T, T], id="a byline below the standfirst"),
        pytest.param([SENTENCE, OTHER, "By Tuesday noon", SENTENCE], [T, T, T, T], id="no byline amid the text"),
        pytest.param([SENTENCE, f"{OTHER} (bsc)"], [T, T], id="initials behind a sentence"),
        pytest.param([SENTENCE, "in the specification of ferries", "which may follow whales", "intercepting ferries late", OTHER], [T] * 5, id="a sentence in pieces"),
        pytest.param([SENTENCE, "渡轮在周二上午晚点两个小时后离开码头，没有人告诉乘客原因，船长也没有开门"], [T, T], id="clauses without a full stop in Chinese"),
        pytest.param([*(3 * ["เรือเฟอร์รี่ออกจากท่าช้ากว่ากำหนดสองชั่วโมงในวันอังคารและไม่มีใครบอกผู้โดยสารว่าเพราะเหตุใด"]), "อ่านต่อหน้า 2.", "กัปตันไม่ยอมเปิดประตูบ้าน"], [T] * 5, id="a language without full stops"),
        pytest.param([SENTENCE, OTHER, "哈尔滨渡轮迟到两小时 乘客不满"], [T, T, F], id="a headline at the end in Chinese"),
        pytest.param([SENTENCE, "The Skarvness Post™ does not say who wrote these letters, but it tells everybody, again and again, that the sign © stands on each."], [T, T], id="a sentence with a sign in it"),
        pytest.param([SENTENCE, OTHER, "Skarvness Post © 2024"], [T, T, F], id="a name with a sign"),
        pytest.param([SENTENCE, OTHER, "Share prices of the ferry fell by a third on Tuesday."], [T] * 3, id="a label's word begins a sentence"),
        pytest.param([SENTENCE, OTHER, "Del av avtalen er en ny brygge."], [T] * 3, id="a label's word begins a sentence in Norwegian"),
        pytest.param([SENTENCE, OTHER, "شارك وزير النقل ورئيس الميناء في الاجتماع الذي عقد يوم الثلاثاء."], [T] * 3, id="a label's word begins a sentence in Arabic"),
        pytest.param([SENTENCE, OTHER, "Chia sẻ với báo, thuyền trưởng nói phà đến muộn hai giờ."], [T] * 3, id="a label's word begins a sentence in Vietnamese"),
        pytest.param([SENTENCE, OTHER, "Ida Berg contributed to this report.", "Contributing: Arne Lofthus, Ida Berg."], [T, T, T, F], id="who contributed"),
        pytest.param([SENTENCE, OTHER, "Follow the Post's full coverage of the ferry at https://post.example/hub/ferry."], [T, T, F], id="where there is more"),
        pytest.param([SENTENCE, OTHER, "Über dieses Thema berichtete die Hafenschau am 23. Oktober um 20:00 Uhr."], [T, T, F], id="when it was told"),
        pytest.param(["Share prices fall as the ferry to the islands is late again", SENTENCE], [T, T], id="a label's word begins a standfirst"),
        pytest.param([SENTENCE, "Popular – and right – was the decision to wait for the tide.", OTHER], [T] * 3, id="a cue between dashes"),
        pytest.param([SENTENCE, "Previous article", "Whale follows ferry", "Next", OTHER], [T, F, F, F, T], id="a pager amid the text"),
        pytest.param([SENTENCE, "Next", *(f"The ferry of line {n} is late on Tuesday." for n in range(4))], [T, F, T, T, T, T], id="a slide show's button before short sentences"),
        pytest.param([SENTENCE, "Previous: Whale follows ferry", "Next: Bakers strike", "23 October 2024"], [T, F, F, F], id="a pager with a date"),
        pytest.param([SENTENCE, "The captain did not answer. (Reuters)"], [T, T], id="a sentence and its agency"),
        pytest.param([SENTENCE, "A gull sits on the pier. (Reuters File Photo)"], [T, C], id="a picture and its agency"),
        pytest.param([SENTENCE, "The light, the light,", "it turns for you and for the gulls of the pier"], [T, T, T], id="verses at the end"),
        pytest.param([SENTENCE, OTHER, "via Ida Berg"], [T, T, F], id="a word or two of the page"),
        pytest.param([SENTENCE, OTHER, "Editor's note: the captain's name is not given, to protect him."], [T, T, T], id="a note that tells something"),
        pytest.param([SENTENCE, OTHER, "weitere Artikel der Rubrik «Bild vom Hafen der Woche»"], [T, T, F], id="an announcement in small letters"),
        pytest.param(["Par crainte d'une nouvelle marée, le port déplace des troupes de mouettes vers les îles", SENTENCE], [T, T], id="a preposition begins a standfirst"),
        pytest.param(["By Ida Berg, our correspondent in the harbour", SENTENCE], [F, T], id="a byline with an office"),
        pytest.param([SENTENCE, OTHER, "This report was read to the harbour council on Monday."], [T] * 3, id="a report that is read"),
        pytest.param([SENTENCE, OTHER, "Copyright law does not protect the songs of whales, he said."], [T] * 3, id="news of rights"),
        pytest.param([SENTENCE, OTHER, "Urmărirea penală a căpitanului a început marți."], [T] * 3, id="a pursuit in Romanian"),
        pytest.param([SENTENCE, OTHER, "更多国家关注渡轮的命运。"], [T] * 3, id="attention in Chinese"),
        pytest.param([SENTENCE, OTHER, "更多内容请关注渡轮日报。"], [T, T, F], id="a call for attention in Chinese"),
        pytest.param(["Mis à jour le 29/10/2012 à 14h03", "2024年10月23日 14:05", SENTENCE], [F, F, T], id="dates of all kinds"),
    ],
)  # fmt: skip
def test_blocks_have_roles(texts: list[str], expected: list[Role]) -> None:
    assert roles(*texts) == expected


def test_the_articles_own_headline_and_author_are_not_repeated() -> None:
    portrait = "Ida Berg writes about ships and the people on them."
    known = {"headlines": {folded("The ferry is late")}, "bylines": {folded("Ida Berg")}}

    assert roles("The Ferry is late!", "IDA BERG", SENTENCE, OTHER, portrait, **known) == [F, F, T, T, F]


def test_a_subheading_before_text_stays_and_one_before_others_goes() -> None:
    headings = [
        Block(text, Shape.HEADING) for text in ("Whale seen", "Bakers strike", "Ploughs sold", "The inquiry")
    ]

    assert roles(SENTENCE, *headings, OTHER) == [T, F, F, F, T, T]
    assert roles(SENTENCE, *headings[1:], OTHER) == [T, F, F, T, T]
    assert roles(SENTENCE, *headings[2:], OTHER) == [T, T, T, T]
    assert roles(SENTENCE, headings[3], OTHER) == [T, T, T]


def test_a_preposition_may_begin_a_heading_below_the_first_sentence() -> None:
    heading = Block("Von der Leyen im Hafen", Shape.HEADING)

    assert roles(SENTENCE, heading, OTHER) == [T, T, T]
    assert roles(SENTENCE, "Von Ida Berg", OTHER) == [T, F, T]


def test_a_list_at_the_end_stays_where_a_colon_opens_it() -> None:
    names = [Block(text, Shape.LIST) for text in ("Ida Berg, 34, of Skarvness", "Arne Lofthus, 61")]

    assert roles(SENTENCE, "On board were:", *names) == [T, T, T, T]
    assert roles(SENTENCE, "Read also:", *names) == [T, F, F, F]
    assert roles(SENTENCE, OTHER, *names) == [T, T, F, F]


def test_a_list_at_the_end_stays_below_a_heading_of_the_article() -> None:
    heading = Block("What is known", Shape.HEADING)
    facts = [
        Block(text, Shape.LIST)
        for text in ("The ferry left the pier on Monday", "It has two captains and a gull")
    ]
    teams = [Block(text, Shape.LIST) for text in ("Ida Berg", "Arne Lofthus")]

    assert roles(SENTENCE, heading, *facts) == [T, T, T, T]
    assert roles(SENTENCE, heading, *teams) == [T, F, F, F]
    assert roles(SENTENCE, Block("Related stories", Shape.HEADING), *facts) == [T, F, F, F]


def test_an_agency_that_wrote_the_article_may_be_the_first_word_of_its_last_sentence() -> None:
    said = "Reuters could not find out why the ferry was late."

    assert roles(SENTENCE, said, bylines={"reuters"}) == [T, T]
    assert roles(SENTENCE, f"Ida Berg {said[8:]}", bylines={"idaberg"}) == [T, F]


def test_the_text_for_machines_tells_teasers_from_text() -> None:
    body = folded(6 * SENTENCE + OTHER)
    blocks = [SENTENCE, "Whale follows ferry into the fjord", OTHER, "Whales have followed ferries before."]

    assert roles(*blocks, body=body) == [T, F, T, F]
    assert roles(*blocks) == [T, T, T, T]


def test_a_text_for_machines_that_tells_something_else_is_no_measure() -> None:
    assert roles(SENTENCE, "A subheading", OTHER, body=folded(OTHER) + "x" * 500) == [T, T, T]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nobody knows why the ferry to the islands is late.", False),
        ("A gull sits on the pier. (Reuters)", True),
        ("Updated after the harbour master had spoken.", True),
        ("Follow us on every platform that there is.", True),
    ],
)
def test_a_sentence_below_a_headline_may_be_an_aside(text: str, *, expected: bool) -> None:
    assert is_aside(text) is expected


@given(st.lists(st.builds(Block, st.text(), st.sampled_from(Shape))))
def test_every_block_has_one_role(blocks: list[Block]) -> None:
    assert len(judge(blocks, Known())) == len(blocks)


@pytest.mark.parametrize(
    "text", ["Soldiers on parade (Flickr)", "A tank [AP Photo]", "平壤阅兵式（图：新华社）"]
)
def test_a_photo_credit_is_known_in_brackets(text: str) -> None:
    assert is_credited(text)
