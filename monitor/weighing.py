"""How common words are in the archive, so that rules come up by their rarest words."""

from collections.abc import Mapping

from monitor.lanes import Lane, offload
from monitor.logs import log
from monitor.matching import learn_frequencies
from monitor.store.base import Store

__all__ = ["weigh"]

SAMPLE = 3_000  # articles; a word that one of them has is told from one that none has
LEAST = 200  # with fewer the shipped table knows better


async def weigh(store: Store) -> Mapping[str, float]:
    """The share of the newest articles that each folded word stands in; nothing where there are few."""
    texts = await store.texts(limit=SAMPLE)
    if len(texts) < LEAST:
        return {}
    known = await offload(Lane.COMPILE, learn_frequencies, texts)
    log.info("words weighed", articles=len(texts), words=len(known))
    return known
