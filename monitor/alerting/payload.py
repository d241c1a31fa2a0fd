"""A message's facts for machines; field names as in the nouns."""

from monitor.model import OutboxClaim

__all__ = ["payload"]

SENTENCES = 3
TERMS = 12
MOST = 500


def payload(claim: OutboxClaim) -> dict[str, object]:
    """JSON-able: what the prose says, an object an alert."""
    return {
        "key": claim.key,
        "kind": str(claim.kind),
        "note": claim.note,
        "alerts": [
            {
                "raised": alert.raised.isoformat(),
                "verdict": str(alert.verdict),
                "reason": alert.reason,
                "watchlist": alert.match.watchlist,
                "rule": alert.match.rule,
                "severity": str(alert.match.severity),
                "story": alert.story.id,
                "title": alert.article.title,
                "url": alert.article.link or alert.article.url,
                "source": alert.article.origin.source,
                "language": alert.article.language,
                "published": alert.article.published.isoformat() if alert.article.published else None,
                "excerpts": [excerpt.text for excerpt in alert.match.excerpts[:SENTENCES]],
                "mentions": [mention.text for mention in alert.match.mentions[:TERMS]],
            }
            for alert in claim.alerts[:MOST]
        ],
    }
