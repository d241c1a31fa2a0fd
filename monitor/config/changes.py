"""What a reload changed, by name: what an admin who saved a file wants to read in the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.config.folder import Configuration

__all__ = ["Change", "changes"]

SHOWN = 20  # names of one kind that are told; of the others only how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The names of one kind that came, went and became others."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def words(self) -> dict[str, list[str]]:
        """What there is to tell, each list no longer than a person reads."""
        told = {"added": self.added, "removed": self.removed, "changed": self.changed}
        return {how: _shown(names) for how, names in told.items() if names}


def changes(before: Configuration, after: Configuration) -> dict[str, Change]:
    """What differs, by kind: settings, sources, watchlists, rules, entities, channels, alerting."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = {kind: _change(old[kind], new[kind]) for kind in new}
    return {kind: change for kind, change in found.items() if change != Change()}


def _change(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    return Change(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
    )


def _parts(found: Configuration) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Everything that can change, by kind and name."""
    watchlists = found.compiled.watchlists.values()
    yield "settings", dict(found.settings)
    yield "sources", found.sources
    yield "watchlists", {each.watchlist: each.model_copy(update={"rules": ()}) for each in watchlists}
    yield "rules", {f"{each.watchlist}/{rule.id}": rule for each in watchlists for rule in each.rules}
    yield "entities", dict(_entities(found))
    yield "channels", found.channels
    yield "alerting", {key: value for key, value in found.alerting if key != "channels"}


def _entities(found: Configuration) -> Iterator[tuple[str, Any]]:
    """The shared entities as they are written."""
    folder = str(found.folder / "entities")
    for file, document in found.documents.items():
        if file.startswith(folder) and document.value:
            yield from (document.value.get("entities") or {}).items()


def _shown(names: tuple[str, ...]) -> list[str]:
    more = len(names) - SHOWN
    return [*names[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
