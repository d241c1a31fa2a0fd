"""The archive tells how common words are, once it has articles enough."""

from pathlib import Path

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.weighing import LEAST, weigh

CONFIG = Path(__file__).parents[2] / "config"


class Archive:
    """A store that has only texts."""

    receipts = None

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    async def texts(self, *, limit: int) -> list[str]:
        return list(self._texts[:limit])


async def test_words_are_weighed_by_the_share_of_articles_that_have_them():
    known = await weigh(Archive(*["Troops march."] * (LEAST // 2), *["Troops rest."] * (LEAST // 2)))
    assert {word: known[word] for word in ("troops", "march", "rest")} == {
        "troops": 1.0,
        "march": 0.5,
        "rest": 0.5,
    }


async def test_a_small_archive_weighs_nothing():
    assert await weigh(Archive(*["Troops march."] * (LEAST - 1))) == {}


async def test_the_daemon_goes_on_with_the_same_rules_weighed_anew():
    daemon = Daemon(load(CONFIG, {}), store=Archive(*["North Korea"] * LEAST), environment={})
    before = daemon._pipeline.rules.matcher
    await daemon.reweigh()
    after = daemon._pipeline.rules.matcher
    await daemon._close()
    assert after is not before
    assert [(rule.watchlist, rule.id) for rule in after.rules] == [
        (rule.watchlist, rule.id) for rule in before.rules
    ]
