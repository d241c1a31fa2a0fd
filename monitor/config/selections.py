"""Sources that a watchlist or a rule selects and that are not there: a tag mistyped would be silence."""

from collections.abc import Collection, Iterator, Mapping

from monitor.config.document import Path
from monitor.matching.watchlist import Sources, Watchlist

__all__ = ["unknown_sources"]


def unknown_sources(
    watchlists: Mapping[str, Watchlist], known: Collection[str] | None
) -> Iterator[tuple[str, Path, str]]:
    """By file and place: the ids and tags that no source has; none where the sources could not be read."""
    if known is None:
        return
    for file, watchlist in watchlists.items():
        chosen: list[tuple[Path, Sources]] = [((), watchlist.sources)]
        chosen += [(("rules", number), rule.sources) for number, rule in enumerate(watchlist.rules)]
        for path, sources in chosen:
            for way, names in (("include", sources.include), ("exclude", sources.exclude)):
                for at, name in enumerate(names):
                    if name not in known:
                        yield file, (*path, "sources", way, at), name
