"""Made-up alerts in many scripts, to look at mails with; no real outlet said these words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import (
    Alert,
    Article,
    Census,
    Excerpt,
    Field,
    Kind,
    Match,
    Mention,
    Origin,
    OutboxClaim,
    Severity,
    Story,
    Verdict,
)

__all__ = ["SAMPLES", "sample_alert", "sample_claim", "sample_repeat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A report: its headline, its matching sentence and the words that match, and who says it."""

    language: str
    title: str
    sentence: str
    words: tuple[str, ...]
    outlet: str
    address: str
    tier: str


SAMPLES = {
    "en": Sample(
        language="en",
        title="Washington says North Korean troops are training in Russia",
        sentence="The United States confirmed on Wednesday that North Korean soldiers are in Russia,"
        " the first time it has said so in public.",
        words=("North Korean", "soldiers", "Russia"),
        outlet="Harbour Wire",
        address="https://wire.example.org/",
        tier="tier1",
    ),
    "treaty": Sample(
        language="en",
        title="What the June treaty says, article by article",
        sentence="Should either side be invaded, the other promises “military and other assistance” without "
        "delay.",
        words=("military",),
        outlet="Treaty Watch",
        address="https://treaties.example.org/",
        tier="tier2",
    ),
    "ko": Sample(
        language="ko",
        title="미국 “북한군 러시아서 훈련”… 첫 공식 확인",
        sentence="미국 정부는 23일 북한군 병력이 러시아 동부에서 훈련을 받고 있다는 증거를"
        " 확인했다고 밝혔다.",
        words=("북한군", "병력", "러시아"),
        outlet="한빛통신",
        address="https://hanbit.example.kr/",
        tier="tier1",
    ),
    "ar": Sample(
        language="ar",
        title="واشنطن تؤكد وجود قوات كورية شمالية في روسيا",
        sentence="أكدت الولايات المتحدة يوم الأربعاء أن قوات من كوريا الشمالية تتدرب في شرق روسيا"
        " استعدادا للقتال.",
        words=("قوات", "كوريا الشمالية", "روسيا"),
        outlet="وكالة الميناء",
        address="https://mina.example.com/",
        tier="tier1",
    ),
    "zh": Sample(
        language="zh",
        title="美国证实朝鲜军队在俄罗斯受训",
        sentence="美国国防部长周三表示，有证据显示朝鲜军队已进入俄罗斯远东地区接受训练。",
        words=("朝鲜军队", "俄罗斯"),
        outlet="海港早报",
        address="https://haigang.example.com/",
        tier="tier2",
    ),
    "ru": Sample(
        language="ru",
        title="США подтвердили присутствие северокорейских военных в России",
        sentence="Вашингтон располагает доказательствами того, что военные КНДР проходят"
        " подготовку на востоке России.",
        words=("военные", "КНДР", "России"),
        outlet="Портовый вестник",
        address="https://vestnik.example.com/",
        tier="tier2",
    ),
}
RULES = {
    "troops-in-russia": ("DPRK troops in Russia", Severity.CRITICAL),
    "military-pact": ("DPRK – Russia treaty", Severity.HIGH),
    "dprk-any": ("North Korea in the news", Severity.LOW),
}
AILMENTS = (
    "kcna-watch: nothing new for 3 days, usually every 4 h",
    "harbour-wire: failing for 7 h: the server says 503",
    "hanbit: 6 articles in a row far shorter than usual; its pages may have changed",
)


def sample_alert(
    name: str, now: datetime, *, rule: str = "troops-in-russia", story: str = "st-4c81d20e6a9b7f35"
) -> Alert:
    """An alert raised `now` on one of the SAMPLES, the first of its story."""
    sample, (title, severity) = SAMPLES[name], RULES[rule]
    seen = now - timedelta(minutes=2)
    article = Article(
        url=f"{sample.address}{rule}",
        origin=Origin(source=sample.outlet, outlet=sample.outlet, tags=(sample.tier,)),
        title=sample.title,
        fetched=seen,
        language=sample.language,
        published=now - timedelta(minutes=6),
        lead=sample.sentence,
    )
    spans = [(at, at + len(word), word) for word in sample.words for at in [sample.sentence.index(word)]]
    match = Match(
        watchlist="dprk-russia",
        rule=rule,
        title=title,
        severity=severity,
        mentions=tuple(Mention(term=w, field=Field.LEAD, start=a, end=b, text=w) for a, b, w in spans),
        excerpts=(Excerpt(field=Field.LEAD, text=sample.sentence, marks=tuple((a, b) for a, b, _ in spans)),),
    )
    told = Story(id=story, title=sample.title, opened=seen, touched=now, sources=(sample.outlet,))
    return Alert(
        article=article,
        match=match,
        story=told,
        verdict=Verdict.FIRST_MENTION,
        raised=now,
        reason="first report of this story",
    )


def sample_repeat(name: str, now: datetime) -> Alert:
    """A sample that tells what was told already."""
    return replace(sample_alert(name, now), verdict=Verdict.REPEAT, reason="told already, nothing new")


def sample_claim(kind: Kind, now: datetime) -> OutboxClaim:
    """A row of a kind, ready to compose; its digest is called `morning`."""
    return OutboxClaim(
        id=0,
        key=f"sample {kind}",
        channel="desk",
        recipient="east-asia-desk@example.org",
        kind=kind,
        alerts=_alerts(kind, now),
        frozen=None,
        attempts=0,
        created=now,
        fence=0,
        note="\n".join(AILMENTS) if kind is Kind.HEALTH else "",
        about="digest:morning",
        census=_census(now) if kind is Kind.DIGEST else None,
    )


def _alerts(kind: Kind, now: datetime) -> tuple[Alert, ...]:
    first = sample_alert("en", now)
    match kind:
        case Kind.ALERT:
            return (first, sample_repeat("ko", now), sample_repeat("zh", now))
        case Kind.UPDATE:
            news = "a new rule matches this story: DPRK – Russia treaty; 5 sources now tell this story"
            more = sample_alert("treaty", now, rule="military-pact")
            told = replace(
                first.story, articles=9, sources=tuple(sample.outlet for sample in SAMPLES.values())
            )
            return (replace(more, story=told, verdict=Verdict.DEVELOPMENT, reason=news),)
        case Kind.CORRECTION:
            earlier = "Washington says North Korean troops are fighting in Russia"
            reason = "the article was corrected"
            return (replace(first, verdict=Verdict.CORRECTION, reason=reason, earlier=earlier),)
        case Kind.DIGEST:
            each = enumerate((name, rule) for rule in RULES for name in SAMPLES)
            return tuple(sample_alert(name, now, rule=rule, story=f"st-{n}") for n, (name, rule) in each)
        case Kind.HEALTH:
            return ()


def _census(now: datetime) -> Census:
    verdicts = {"first_mention": 18, "repeat": 31, "silenced": 3, "folded": 2}
    return Census(since=now - timedelta(days=1), articles=1240, sources=61, silent=2, verdicts=verdicts)
