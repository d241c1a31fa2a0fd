"""Which paragraphs of an extracted text are furniture: pure decisions on blocks and their neighbours."""

import re
from collections.abc import Sequence

from monitor.extraction.blocks import LINES, Block, Known, Role, Shape, headline_like, is_wired
from monitor.extraction.cues import BYLINE, FOOT, PAGER, RELATED
from monitor.extraction.ending import cut_pager, cut_tail, leads_on
from monitor.extraction.lines import (
    POINTERS,
    announces,
    is_credited,
    leads_away,
    names_contact,
    speaks_for_page,
)
from monitor.extraction.prose import ends_sentence, folded, short, weight

__all__ = ["is_aside", "judge"]

_TIME = re.compile(r"\b(?:19|20)\d\d(?!\d)|\d\s?[:h]\s?\d\d|\d[./-]\d{1,2}(?!\d)|\d\s?[月日時时시일]")
_CALENDAR = frozenset("年月日時时分秒년월일시분초")
_OPENS_HEADLINE = re.compile(r"[\"'“”„«»‘’「『《【\[(¿¡]*[^\W\d_]")
_CONTINUES = re.compile(r"[,;，、；：:/|@]$|\s[/|]\s|@|www\.|\s=\s")
_TRAIL = re.compile(r"\w\s*[>›»→]\s*\w")  # where the page stands in the site: Home > World > Asia
_WRITER = re.compile(
    r"\b(?:desk|bureau|correspondent|reporter|staff writer|redaktion|redacción|redação|redazione"
    r"|rédaction|редакция)\W*$",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"\W*\d+[\s-]?(?:minut\w*|mins?|мин\w*|хв\w*|dk|dakika|分)\b", re.IGNORECASE)
_OPENING_SPAN = 10
_PARTICLE = 3  # letters
_TOLD = 4  # words in small letters, longer than particles
_RUN = 6  # headlines that stand between two sentences
_BODY = 400


def judge(blocks: Sequence[Block], known: Known) -> list[Role]:
    """The role of each block."""
    roles = [_alone(block, known) for block in blocks]
    _cut_followers(blocks, roles)
    _cut_opening(blocks, roles)
    cut_pager(blocks, roles)
    cut_tail(blocks, roles, known)
    _cut_runs(blocks, roles)
    _cut_foreign(blocks, roles, known.body)
    return roles


def _alone(block: Block, known: Known) -> Role:
    """What a block shows by itself."""
    text = block.text
    letters = folded(text)
    if not letters or letters in known.headlines or letters in known.bylines:
        return Role.FURNITURE
    if speaks_for_page(text) or (block.shape in LINES and leads_away(text)):
        return Role.FURNITURE
    if block.shape is Shape.PARAGRAPH and short(text, 60) and is_credited(text) and not is_wired(text):
        return Role.CAPTION
    return Role.TEXT


def is_aside(text: str) -> bool:
    """Whether a sentence by itself shows that it is a caption, a byline or the page's own word."""
    if is_credited(text) or _alone(Block(text), Known()) is not Role.TEXT:
        return True
    return any(cue.match(text) for cue in (BYLINE, FOOT, PAGER, RELATED))


def _cut_followers(blocks: Sequence[Block], roles: list[Role]) -> None:
    """After a bare announcement ("Related stories") headlines follow, after "Next" one: they go with it."""
    following = 0
    for place, block in enumerate(blocks):
        if short(block.text, 6) and announces(block.text):
            following = len(blocks)
        elif short(block.text, 6) and leads_on(block.text, alone=True):
            following = 1
            roles[place] = Role.FURNITURE
        elif following and headline_like(block):
            following -= 1
            roles[place] = Role.FURNITURE
        else:
            following = 0


def _cut_opening(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Bylines, dates, section names and share buttons before the first sentence; bylines also after it.

    The first sentence may be the standfirst.
    """
    opened = False
    for place, block in enumerate(blocks[:_OPENING_SPAN]):
        if roles[place] is not Role.TEXT:
            continue
        if not short(block.text, 14) or ends_sentence(block.text):
            if opened:
                return
            opened = True
            continue
        if opened:
            if block.shape is Shape.HEADING or not short(block.text, 8) or not _signs(block.text):
                return
            roles[place] = Role.FURNITURE
            continue
        if (
            short(block.text, 2)
            or _signs(block.text)
            or (FOOT.match(block.text) and short(block.text, 6))
            or _tells_time(block.text)
            or _TRAIL.search(block.text)
            or _presents(block.text)
        ):
            roles[place] = Role.FURNITURE


def _signs(text: str) -> bool:
    """A byline: names and a word or two; "Von der Leyen trifft …" and "Por primera vez …" tell more."""
    cue = BYLINE.match(text)
    if cue is None:
        return False
    return sum(word[0].islower() and len(word) > _PARTICLE for word in text[cue.end() :].split()) < _TOLD


def _presents(text: str) -> bool:
    """Who wrote, by role or handle, or how long the reading takes."""
    if not short(text, 8):
        return False
    return _WRITER.search(text) is not None or names_contact(text) or _MINUTES.match(text) is not None


def _tells_time(text: str) -> bool:
    """A date or an hour with few words around it; not a headline with a year in it."""
    if len(text) > 60 or not _TIME.search(text):
        return False
    figures = sum(map(str.isdigit, text))
    words = "".join(letter for letter in text if letter.isalpha() and letter not in _CALENDAR)
    return figures > 2 and 2 * weight(words) <= 7 * figures


def _cut_runs(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Three headlines in a row, or more, between sentences: a list of other stories."""
    run: list[int] = []
    for place in range(len(blocks) + 1):
        if place < len(blocks) and blocks[place].shape in LINES and headline_like(blocks[place]):
            run.append(place)
            continue
        introduces = bool(run) and blocks[run[-1]].shape is Shape.HEADING
        others = run[:-1] if introduces else run
        least = 2 if all(blocks[other].shape is Shape.HEADING for other in others) else 3
        if len(others) >= least and run[0] > 0 and _is_listing(blocks, others):
            for other in others:
                roles[other] = Role.FURNITURE
        run = []


def _is_listing(blocks: Sequence[Block], run: Sequence[int]) -> bool:
    """Whether lines in a row list other stories: headings do; what a colon opens, or what is long, does not.

    Verses, agendas, ingredients, results and steps are lines without a full stop, too: those are the
    article's. Headlines are a few words each, begin as sentences do and end no clause.
    """
    if all(blocks[place].shape is Shape.HEADING for place in run):
        return True
    if len(run) > _RUN or blocks[run[0] - 1].text.rstrip()[-1:] in POINTERS:
        return False
    lines = [blocks[place].text for place in run]
    return all(weight(line) > 12 and _opens(line) and not _CONTINUES.search(line) for line in lines)


def _opens(line: str) -> bool:
    """Whether the line begins as headlines do; a small letter goes on with a sentence."""
    opening = _OPENS_HEADLINE.match(line)
    return opening is not None and not opening[0][-1].islower()


def _cut_foreign(blocks: Sequence[Block], roles: list[Role], body: str) -> None:
    """Headlines, and what stands after the end, that the page's own text for machines does not contain."""
    if len(body) < _BODY:
        return
    inside = [folded(block.text) in body for block in blocks]
    texts = [place for place, role in enumerate(roles) if role is Role.TEXT]
    if not any(inside):
        return
    total = sum(len(blocks[place].text) for place in texts)
    if sum(len(blocks[place].text) for place in texts if inside[place]) < 0.6 * total:
        return  # the two tell different things: neither is a measure of the other
    first = inside.index(True)
    last = len(inside) - 1 - inside[::-1].index(True)
    ends = body.endswith(folded(blocks[last].text)[-40:])
    for place in texts:
        block = blocks[place]
        heads = block.shape is Shape.HEADING and place < last and inside[place + 1]
        after = place > last and ends and short(block.text, 80)
        if not inside[place] and place > first and (after or (headline_like(block) and not heads)):
            roles[place] = Role.FURNITURE
