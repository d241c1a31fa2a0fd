"""What the names in a query of the moment mean, without reading the rest of the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from monitor.config.document import read_file
from monitor.config.problems import did_you_mean, validated
from monitor.errors import ConfigError, Level, Place, Problem
from monitor.matching import Entity, EntityFile, Watchlist

__all__ = ["Known", "read_known"]

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The shared entities, and the watchlists with entities and lists of their own, by name."""

    entities: Mapping[str, Entity]
    watchlists: Mapping[str, Watchlist]

    def watchlist(self, name: str) -> Watchlist:
        """A watchlist; ConfigError where there is none of that name."""
        if name not in self.watchlists:
            raise ConfigError(
                [
                    Problem(
                        place=Place(file="--watchlist"),
                        problem=f"{name!r} is no watchlist",
                        remedy=did_you_mean(name, tuple(self.watchlists)),
                        level=Level.ERROR,
                    )
                ]
            )
        return self.watchlists[name]

    def owners(self, name: str) -> list[str]:
        """The watchlists that have an entity or a list of this name for themselves."""
        return [
            watchlist.watchlist
            for watchlist in self.watchlists.values()
            if name in watchlist.entities or name in watchlist.lists
        ]


def read_known(folder: Path) -> Known:
    """The entities and watchlists of a configuration folder; ConfigError at the first file that is wrong."""
    packs = [_read(path, EntityFile) for path in sorted((folder / "entities").glob("*.yaml"))]
    watchlists = [_read(path, Watchlist) for path in sorted((folder / "watchlists").glob("*.yaml"))]
    return Known(
        entities={name: entity for pack in packs for name, entity in pack.entities.items()},
        watchlists={each.watchlist: each for each in watchlists},
    )


def _read(path: Path, root: type[Model]) -> Model:
    document = read_file(path)
    return validated(document, root, document.value)
