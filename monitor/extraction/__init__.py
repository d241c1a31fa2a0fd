"""Page in, article out: title, lead, body and captions, with the furniture kept apart.

`article_from_page` loads trafilatura (a quarter of a second) when first asked for; the daemon never
asks: its pages are read in the processes of `monitor.extraction.pool.Pool`.
"""

from typing import TYPE_CHECKING

from monitor.extraction.entry import article_from_entry, article_from_text
from monitor.extraction.repetition import fingerprints, headline_fingerprints, without_repeated
from monitor.extraction.revision import Change, changes
from monitor.rooms import opener

if TYPE_CHECKING:
    from monitor.extraction.page import article_from_page
else:
    __getattr__ = opener(__name__, page="article_from_page")

__all__ = [
    "Change",
    "article_from_entry",
    "article_from_page",
    "article_from_text",
    "changes",
    "fingerprints",
    "headline_fingerprints",
    "without_repeated",
]
