"""Draws the mails: `python docs/pictures.py [FOLDER]`, with Chromium. Without a folder, the two that README shows."""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.alerting import AlertingSettings, Policy, compose
from monitor.model import (
    Alert,
    Article,
    Census,
    Excerpt,
    Field,
    Kind,
    Match,
    Mention,
    Notification,
    Origin,
    OutboxClaim,
    Severity,
    Story,
    Verdict,
)

HERE = Path(__file__).parent
NOW = datetime(2024, 10, 23, 14, 5, tzinfo=UTC)
POLICY = Policy(
    settings=AlertingSettings.model_validate(
        {"timezone": "Asia/Seoul", "digests": {"desk-morning": {"to": ["desk"], "at": "07:30"}}}
    ),
    recipients={"desk": ("east-asia-desk@example.org",)},
)
RULES = {
    "troops-in-russia": ("DPRK troops in Russia", Severity.CRITICAL),
    "mutual-defence": ("DPRK – Russia treaty", Severity.HIGH),
    "dprk-any": ("North Korea in the news", Severity.LOW),
}
SENTENCES = {
    "en": (
        "Washington says North Korean troops are training in Russia",
        "The United States confirmed on Wednesday that North Korean soldiers are in Russia, the first time it has said so in public.",
        ("North Korean", "soldiers", "Russia"),
    ),
    "en2": (
        "What the June treaty says, article by article",
        "Should either side be invaded, the other promises “military and other assistance” without delay.",
        ("military",),
    ),
    "ko": (
        "미국 “북한군 러시아서 훈련”… 첫 공식 확인",
        "미국 정부는 23일 북한군 병력이 러시아 동부에서 훈련을 받고 있다는 증거를 확인했다고 밝혔다.",
        ("북한군", "병력", "러시아"),
    ),
    "ar": (
        "واشنطن تؤكد وجود قوات كورية شمالية في روسيا",
        "أكدت الولايات المتحدة يوم الأربعاء أن قوات من كوريا الشمالية تتدرب في شرق روسيا استعدادا للقتال.",
        ("قوات", "كوريا الشمالية", "روسيا"),
    ),
    "zh": (
        "美国证实朝鲜军队在俄罗斯受训",
        "美国国防部长周三表示，有证据显示朝鲜军队已进入俄罗斯远东地区接受训练。",
        ("朝鲜军队", "俄罗斯"),
    ),
    "ru": (
        "США подтвердили присутствие северокорейских военных в России",
        "Вашингтон располагает доказательствами того, что военные КНДР проходят подготовку на востоке России.",
        ("военные", "КНДР", "России"),
    ),
}
OUTLETS = {
    "en": ("Harbour Wire", "https://wire.example.org/", ("tier1",)),
    "en2": ("Treaty Watch", "https://treaties.example.org/", ("tier2",)),
    "ko": ("한빛통신", "https://hanbit.example.kr/", ("tier1",)),
    "ar": ("وكالة الميناء", "https://mina.example.com/", ("tier1",)),
    "zh": ("海港早报", "https://haigang.example.com/", ("tier2",)),
    "ru": ("Портовый вестник", "https://vestnik.example.com/", ("tier2",)),
}
"""Made-up outlets: no real one said these words."""


def alert(
    name: str, rule: str = "troops-in-russia", story: str = "st-4c81d20e6a9b7f35", **more: object
) -> Alert:
    """A sample alert in a language."""
    title, sentence, terms = SENTENCES[name]
    outlet, address, tags = OUTLETS[name]
    published = NOW - timedelta(minutes=6)
    article = Article(
        url=f"{address}{rule}",
        origin=Origin(source=outlet, outlet=outlet, tags=tags),
        title=title,
        fetched=NOW - timedelta(minutes=2),
        language=name[:2],
        published=published,
        lead=sentence,
    )
    marks = tuple((sentence.index(term), sentence.index(term) + len(term)) for term in terms)
    match = Match(
        watchlist="dprk-russia",
        rule=rule,
        title=RULES[rule][0],
        severity=RULES[rule][1],
        mentions=tuple(
            Mention(term=t, field=Field.LEAD, start=a, end=b, text=t)
            for t, (a, b) in zip(terms, marks, strict=True)
        ),
        excerpts=(Excerpt(field=Field.LEAD, text=sentence, marks=marks),),
    )
    opened = Story(
        id=story, title=title, opened=NOW - timedelta(minutes=2), touched=NOW, sources=(outlet,), articles=1
    )
    facts: dict[str, object] = {
        "verdict": Verdict.FIRST_MENTION,
        "reason": "first report of this story",
        **more,
    }
    return Alert(article=article, match=match, story=opened, raised=NOW, **facts)  # type: ignore[arg-type]


def mail(kind: Kind, *alerts: Alert, **more: object) -> Notification:
    """A sample mail of a kind."""
    claim = OutboxClaim(
        id=1,
        key="sample",
        channel="desk",
        recipient="east-asia-desk@example.org",
        kind=kind,
        alerts=alerts,
        frozen=None,
        attempts=0,
        created=NOW,
        fence=1,
        **more,  # type: ignore[arg-type]
    )
    return compose(claim, policy=POLICY, now=NOW)


def samples() -> dict[str, Notification]:
    """A mail of every kind, and the scripts that layouts get wrong."""
    repeat = {"verdict": Verdict.REPEAT, "reason": "told already, nothing new"}
    many = [
        alert(name, rule, f"st-{number}")
        for number, (name, rule) in enumerate((n, r) for r in RULES for n in SENTENCES)
    ]
    return {
        "alert": mail(Kind.ALERT, alert("en"), alert("ko", **repeat), alert("zh", **repeat)),
        "update": mail(
            Kind.UPDATE,
            alert(
                "en2",
                "mutual-defence",
                verdict=Verdict.DEVELOPMENT,
                reason="a new rule matches this story: DPRK – Russia treaty; 5 sources now tell this story",
            ),
        ),
        "correction": mail(
            Kind.CORRECTION,
            alert(
                "en",
                verdict=Verdict.CORRECTION,
                reason="the article was corrected",
                earlier="Washington says 12,000 North Korean troops are training in Russia",
            ),
        ),
        "arabic": mail(Kind.ALERT, alert("ar"), alert("ru", **repeat)),
        "korean": mail(Kind.ALERT, alert("ko"), alert("ar", **repeat)),
        "chinese": mail(Kind.ALERT, alert("zh")),
        "digest": mail(
            Kind.DIGEST,
            *many,
            about="digest:desk-morning",
            census=Census(
                since=NOW - timedelta(days=1),
                articles=1240,
                sources=61,
                silent=2,
                verdicts={"first_mention": 9, "repeat": 31, "silenced": 3, "folded": 2},
            ),
        ),
        "empty": mail(Kind.DIGEST, about="digest:desk-morning"),
        "health": mail(
            Kind.HEALTH,
            note="kcna-watch: nothing new for 3 days, usually every 4 h\ntass-en: failing for 7 h: the server says 503\n"
            "yonhap: 6 articles in a row far shorter than usual; its pages may have changed",
        ),
    }


def draw(html: str, picture: Path, *, width: int, dark: bool, height: int) -> None:
    """A picture of a mail as a browser shows it."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "mail.html")
        page.write_text(html, encoding="utf-8")
        subprocess.run(  # noqa: S603
            [
                "/usr/bin/chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                f"--screenshot={picture}",
                f"--window-size={width},{height}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main(folder: str = "") -> None:
    """Draw README's two pictures, or every sample in both lights and both widths."""
    mails = samples()
    if not folder:
        draw(mails["alert"].html, HERE / "alert-mail.png", width=640, height=700, dark=False)
        draw(mails["alert"].html, HERE / "alert-mail-dark.png", width=640, height=700, dark=True)
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, sample in mails.items():
        Path(folder, f"{name}.html").write_text(sample.html, encoding="utf-8")
        Path(folder, f"{name}.txt").write_text(
            f"Subject: {sample.subject}\n\n{sample.text}", encoding="utf-8"
        )
        for width, dark in ((640, False), (640, True), (390, False)):
            draw(
                sample.html,
                Path(folder, f"{name}-{width}{'-dark' if dark else ''}.png"),
                width=width,
                dark=dark,
                height=900,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
