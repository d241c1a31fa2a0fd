"""Which clauses decided: those without which the answer would have been the other one."""

from collections.abc import Iterator

from monitor.matching.explain import Clause, Explanation

__all__ = ["closeness", "deciding", "decision_in_words"]

NEAR_ENOUGH = 0.9  # of a clause whose parts are all there, but not as it asks


def deciding(explanation: Explanation) -> tuple[Clause, ...]:
    """The clauses that decided whether the query holds.

    Where it does not: each that is lacking, forbidden and present, or not as asked (too far, too few, in
    another field); had all of these been otherwise, it would hold. Where it holds: those that carry it; had
    these failed, it would not. A rule that does not read the article was not decided by its query.
    """
    if explanation.unread:
        return ()
    clause = explanation.clause
    return tuple(_carrying(clause) if clause.holds else _failing(clause))


def _failing(clause: Clause) -> Iterator[Clause]:
    whole = clause.kind in {"Scoped", "First"} and all(each.kind != "AllOf" for each in clause.clauses)
    if clause.kind == "AnyOf" or whole:
        yield clause
        return
    below = [
        found for each in clause.clauses if each.role == "" and not each.holds for found in _failing(each)
    ]
    below += [each for each in clause.clauses if each.role == "veto" and each.holds]
    yield from below or [clause]


def _carrying(clause: Clause) -> Iterator[Clause]:
    if clause.kind not in {"AllOf", "AnyOf"} or not clause.clauses:
        yield clause
        return
    for each in clause.clauses:
        if each.holds and each.role != "veto":
            yield from _carrying(each)


def decision_in_words(explanation: Explanation) -> str:
    """What decided, in a line."""
    if explanation.unread:
        return f"not asked: {explanation.unread}"
    found = deciding(explanation)
    if explanation.held:
        return f"held by {explanation.held}"
    if explanation.matches:
        return " and ".join(f"{each.text}{_times(each)}" for each in found)
    return "; ".join(
        f"forbidden by {each.text}" if each.role == "veto" else f"{each.text}: {each.miss or 'not found'}"
        for each in found
    )


def _times(clause: Clause) -> str:
    return f" (×{clause.times})" if clause.times > 1 else ""


def closeness(clause: Clause) -> float:
    """How near a clause came to holding: 1 where it holds, 0 where nothing of it is there."""
    if clause.holds:
        return 1.0
    required = [closeness(each) for each in clause.clauses if each.role == ""]
    match clause.kind:
        case "AnyOf":
            return max(map(closeness, clause.clauses), default=0.0)
        case "AllOf":
            lacking = any(each.role == "veto" and each.holds for each in clause.clauses)
            return sum(required) / len(required) * (NEAR_ENOUGH if lacking else 1.0)
        case _:
            return NEAR_ENOUGH * sum(required) / len(required) if required else 0.0
