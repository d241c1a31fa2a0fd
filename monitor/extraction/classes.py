"""Class names, ids and roles by which authors of pages mark furniture and captions: tables only."""

import re
from enum import Enum, auto
from functools import lru_cache

__all__ = [
    "Named",
    "letters_that_go",
    "named",
    "names_caption",
    "names_gate",
    "names_portrait",
    "names_slides",
    "names_standfirst",
    "names_stories",
]


def _words(*lines: str) -> re.Pattern[str]:
    """Matches whole words of dashed, underscored or spaced names."""
    return re.compile(r"(?:^|[\s_-])(?:" + "|".join(lines) + r")(?=$|[\s_-])", re.IGNORECASE)


_STORIES = _words(
    r"related\w*|recommend\w*|jp-relatedposts|yarpp\w*|crp_related|also-?read|read-?(?:more|also|next)|see-?also",
    r"most-?(?:read|popular|viewed|shared)|popular-?(?:posts|stories|news)|trending|up-?next|more-?(?:stories|news|articles|posts)",
    r"leia-?(?:mais|tambem)|relacionad[oa]s|lire-?aussi|a-lire|leggi-?anche|correlati|lees-?ook|chitayte|pohozhie|recirc\w*|connatix\w*",
    r"lea-?tambien|ver-?tambien|leer-?mas|te-?puede-?interesar|sigue-?leyendo|auch-?interessant|lesetipps?|lees-?meer|czytaj-?\w+|polecane",
    r"baca-?juga|lihat-?juga|terkait|terpopuler|ilgili-?haber\w*|tin-?lien-?quan|xem-?them|chitaite|kanren\w*|pankuzu",
)
_SURELY = _words(
    r"post-?nav\w*|nav-?(?:links|previous|next)|pager|paginat\w*|breadcrumbs?|(?:main|site|sub|top)-?(?:nav|navigation|menu)",
    r"newsletters?(?:-?\w+)?|outbrain|taboola|revcontent|mgid|zergnet|plista|dianomi|sharedaddy|addthis\w*|addtoany\w*",
    r"visually-?hidden|sr-?only|screen-?reader(?:-?text)?|respond|persons?-?(?:box|card|info|teaser|profile)|profile-?(?:box|card)",
    r"cookies?(?:-?\w+)?|consent\w*|gdpr|onetrust\w*|colophon|complementary|contentinfo|wp-block-latest-posts|elementor-post-navigation",
)
# what the printed page leaves out is not the article
_UNPRINTED = _words(
    r"(?:no|not|non)-?print|(?:hide|hidden|none)-?(?:for-?|on-?|in-?)?print|print-?(?:hide|hidden|none)|d-print-none"
)
_COMMENTS = _words(
    r"comments?(?:-?(?:list|form|area|section|box|wrap\w*|container))?|disqus\w*|fb-comments|livefyre|spot-?im|viafoura|talkbacks?",
    r"comentarios|comentários|comentaris|commentaires|commenti|kommentare|kommentarer|kommenttic?|reacties|komentarze|komentáře|komentare|komentari",
    r"komentarai|komentāri|comentarii|hozzaszolas\w*|diskuze|diskusia|yorumlar|kommentarii|komentarii|komentar-?list",
)
_GATE = _words(r"subscri\w*|paywall\w*|piano|regwall|premium|metered")
_SMALL, _OFFER = 200, 600
_PERHAPS = _words(
    r"similar|suggest(?:ed|ions?)|readmore|more-?(?:from|on|in|like)|popular|trends|top-?stories|latest(?:-?(?:news|posts|stories))?",
    r"next(?:-?(?:post|article|story))?|prev(?:ious)?(?:-?(?:post|article|story))?|nav(?:igation|bar|-?menu)?|menu\w*|sub-?nav",
    r"subscri\w*|sign-?up|login|register|paywall\w*|piano|regwall|promos?|promo-?\w+|upsell|cta|call-?to-?action",
    r"adv?|ads|ad-?(?:slot|unit|container|wrapper|box)|advert\w*|sponsor\w*|banner|shar(?:e|es|ing)|social\w*|follow(?:-us)?|like-?box",
    r"cmp|side-?bar(?![-_]*(?:grid|layout))\w*|rail|right-?col|left-?col|widget-area|inline-?newsletter",
    r"tags|tag-?(?:list|cloud|links?)|tagcloud|topics?-?list|keywords|cat-?links|category-?links",
    r"navbox|toc|table-?of-?contents|supplemental|partner-?(?:box|content)|interstitial\w*|donat\w+|reactions?|alert-?message|callout-?box",
    r"(?:after|below)-?(?:article|entry|post|content)|by-?text|no-?content|instapaper-?ignore|sns\w*|shared-?counts\w*",
    r"(?:poll|quiz|survey|feedback|rating)s?(?:-?(?:box|form|widget|block))?|audio-?player|listen-?(?:to|button|bar)\w*|text-?to-?speech|tts",
    r"(?:join-?)?(?:whatsapp|telegram|google-?news)(?:-?\w+)?|app-?(?:promo|download|banner)",
    r"skip-?links?|toolbar|tooltip|overlay|popup|modal|lightbox|teaser-?(?:list|rail|box|group)|summary-?block",
)
# of people and the site: some tell at length and link nowhere
_PORTRAITS = _words(
    r"(?:author|contributor|reporter|journalist|columnist|writer|speaker)-?(?:bio|box|card|info|profile|description|block|details|teaser)",
    r"about-?(?:the-?)?(?:author|journalist|writer)s?|bio|biography|footer|copyright|imprint|disclosure|disclaimer|affiliate-?(?:links?|notice)",
)
# the whole of one class name: "article-body", not "article-body__promo"
_TEXT = re.compile(
    r"(?:^|\s)(?:[a-z]+[-_]+)*(?:article|story|post|entry|news|content)[-_]*(?:body|text|content|copy)"
    r"(?:[-_]+(?:main|inner|text|copy|segment|container|wrap(?:per)?|block|column))*(?=$|\s)",
    re.IGNORECASE,
)
# "no-sidebar", "has-related": what an element has is not what it is
_HAS = re.compile(
    r"\b(?:no|has|with|without|is|not|hide|show|js|section|category|type|format|tag(?![-_]?(?:list|cloud|links?)))[-_]+[\w-]+",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SLIDES = _words(
    r"slide\w*|galler(?:y|ies)|carousel|swiper\w*|slick\w*|photo-?(?:list|strip|gallery)|image-?gallery|thumb(?:s|nails?)?"
)
_STANDFIRST = _words(
    r"(?:article|story|post|entry|page|header|content)?[-_]*(?:standfirst|stand-?first|deck|dek|subtitle|sub-?title|sub-?head(?:line|ing)?)",
    r"(?:article|story|post|entry|page|header|content)[-_]*(?:lead|lede|intro|summary|excerpt|description|abstract|teaser)(?:[-_]*text)?",
    r"lede|lead-?text|vorspann|chapo|chapeau|entradilla|bajada|copete|sommario|occhiello|ingress|preamble|manchet|perex|spot",
)
_CAPTION = _words(
    r"(?:img|image|photo|picture|media|figure|wp|lead|hero|video|article)?[-_]*(?:caption|cutline)(?:[-_]*(?:text|wrapper))?",
    r"(?:img|image|photo|picture|media|figure)[-_]*(?:cap|credits?|legend|text|desc(?:ription)?)|phototext|bildunterschrift",
    r"photo-?credits?|leyenda|pie-?(?:de-?)?foto|didascalia|legende|bildtext|podpis-?foto",
)


def letters_that_go(name: str, whole: int) -> float:
    """How many letters of a page's `whole` text may go with an element of this name.

    Comments are often most of a page. What a paywall is named for may be its offer, or the article behind it.
    """
    share = _share(name)
    return _OFFER if share is None else max(_SMALL, share * whole)


@lru_cache(maxsize=4096)
def _share(name: str) -> float | None:
    spoken = _spoken(name)
    if _COMMENTS.search(spoken):
        return 1.0
    if _STORIES.search(spoken) or _SURELY.search(spoken):
        return 0.6
    return None if _GATE.search(spoken) else 0.3


class Named(Enum):
    """How plainly a name speaks of furniture."""

    SURELY = auto()
    """Of readers' comments or other stories: they outweigh many an article."""
    PERHAPS = auto()
    """In words that layouts use for the article's frame, too."""
    NOTHING = auto()


@lru_cache(maxsize=4096)
def named(name: str) -> Named:
    """Whether the name speaks of furniture."""
    spoken = _spoken(name)
    if any(words.search(spoken) for words in (_STORIES, _SURELY, _COMMENTS)):
        return Named.SURELY
    if _UNPRINTED.search(_CAMEL.sub("-", name)):
        return Named.PERHAPS
    perhaps = _PERHAPS.search(spoken) or _PORTRAITS.search(spoken)
    return Named.PERHAPS if perhaps and not _TEXT.search(spoken) else Named.NOTHING


@lru_cache(maxsize=4096)
def names_gate(name: str) -> bool:
    """Whether the name speaks of a paywall, in one part or in many."""
    return _GATE.search(_spoken(name)) is not None


@lru_cache(maxsize=4096)
def names_caption(name: str) -> bool:
    """Whether the name speaks of a picture's caption."""
    return _CAPTION.search(_spoken(name)) is not None


@lru_cache(maxsize=4096)
def names_portrait(name: str) -> bool:
    """Whether the name speaks of the author or the site."""
    return _PORTRAITS.search(_spoken(name)) is not None


@lru_cache(maxsize=4096)
def names_stories(name: str) -> bool:
    """Whether the name speaks of other stories, or of the rest of this one: "read-more" is said of both."""
    return _STORIES.search(_spoken(name)) is not None


@lru_cache(maxsize=4096)
def names_slides(name: str) -> bool:
    """Whether the name speaks of a slide show: its captions are no part of the article."""
    return _SLIDES.search(_spoken(name)) is not None


@lru_cache(maxsize=4096)
def names_standfirst(name: str) -> bool:
    """Whether the name speaks of the sentence between headline and text."""
    return _STANDFIRST.search(_spoken(name)) is not None


def _spoken(name: str) -> str:
    return _CAMEL.sub("-", _HAS.sub("", name))
