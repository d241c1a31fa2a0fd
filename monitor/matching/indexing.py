"""An article as the archive indexes it: in the matcher's own words, so that no index misses what it finds."""

import re
import unicodedata

from monitor.matching.document import Document
from monitor.matching.fold import FORM, fold
from monitor.model import Article

__all__ = ["INDEX_FORM", "indexed"]

INDEX_FORM = f"{FORM}/{unicodedata.unidata_version}"
"""What an index is made of: the normal form, and the tables of letters that it rests on."""


def indexed(article: Article) -> tuple[str, ...]:
    """An article's columns: title, lead, body, caption, author, section, source, language."""
    origin = article.origin
    beside = (article.byline, article.section, " \n ".join((origin.source, origin.outlet, *origin.tags)))
    language = re.sub(r"[-_\W]+", " ", article.language.casefold())
    return (*Document(article).columns(), *(fold(text).data.decode() for text in beside), language)
