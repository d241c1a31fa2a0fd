"""How much of an article is read, and how much else, against bare `trafilatura.extract(fast=True)`.

    python tests/benchmarks/quality.py FOLDER … [--lines]

Each PAGE.html in a FOLDER (and below it) has its text, told by people, in PAGE.txt beside it. For each folder
and each language: precision, recall and F1 of words (in scripts without spaces, of characters), the mean of all
pages; precision and recall of names (two capitalised words and more) that stand on the page; and how many of
the page's other headlines (its links and headings) were let through. `--lines` lists what bare trafilatura reads
of the text and we do not, and what we read that is not in the text.
"""

import argparse
import logging
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import trafilatura

from monitor.extraction import article_from_page
from monitor.extraction.charset import decode
from monitor.extraction.prose import clean, folded, weight
from monitor.extraction.tree import HEADINGS, parse, text_of
from monitor.model import Article, Origin

SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="bench", outlet="Bench")
DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff"
WORD = re.compile(f"[{DENSE}]|[^\\W_{DENSE}]+")
NAME = re.compile(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)+")
HEADLINE = range(25, 150)  # letters of Latin script


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, what it tells, and what was read of it."""

    path: Path
    gold: str
    whole: str
    headlines: frozenset[str]
    ours: Article
    bare: str

    @property
    def read(self) -> dict[str, str]:
        """The texts to compare, by who read them."""
        return {"ours": f"{self.ours.lead}\n{self.ours.body}", "bare": self.bare}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--lines", action="store_true", help="list what was lost and what was let through")
    asked = parser.parse_args()
    logging.disable()
    groups: dict[str, list[Page]] = defaultdict(list)
    for folder in asked.folders:
        for page in pages(folder):
            for group in (str(folder), f"language {page.ours.language.partition('-')[0] or '?'}", "all"):
                groups[group].append(page)
            if asked.lines:
                tell_lines(page)
    for group, members in sorted(groups.items()):
        print(f"{group}: {len(members)} pages")
        for reader in ("ours", "bare"):
            print(f"  {reader}: {verdict(members, reader)}")


def pages(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.rglob("*.html")):
        told, body = path.with_suffix(".txt"), path.read_bytes()
        tree = parse(decode(body, "", "")) if told.exists() else None
        if tree is None:
            continue
        for unseen in list(tree.iter("script", "style", "noscript", "template")):
            unseen.drop_tree()
        lines = {clean(text_of(part)) for part in tree.iter("a", *HEADINGS)}
        gold, url = told.read_text(encoding="utf-8"), f"https://bench.example/{path.stem}"
        yield Page(
            path=path,
            gold=gold,
            whole=" ".join(map(str, tree.itertext())),
            headlines=frozenset(folded(line) for line in lines if weight(line) in HEADLINE) - {""},
            ours=article_from_page(body, "text/html", None, ORIGIN, url=url, seen=SEEN),
            bare=trafilatura.extract(body, fast=True, include_comments=False) or "",
        )


def verdict(members: list[Page], reader: str) -> str:
    scores = [agreement(page.read[reader], page.gold) for page in members]
    precision, recall, f1 = (mean(score[place] for score in scores) for place in range(3))
    hits = misses = false = others = 0
    for page in members:
        read, told = f"{page.ours.title}\n{page.read[reader]}", f"{page.ours.title}\n{page.gold}"
        read_names, gold_names = words_in(read), words_in(told)
        for name in names(page.whole) | names(page.gold):
            hits += name in read_names and name in gold_names
            misses += name in gold_names and name not in read_names
            false += name in read_names and name not in gold_names
        known = folded(told)
        others += sum(line in page.headlines and line not in known for line in map(folded, read.split("\n")))
    total = sum(len(page.headlines) for page in members)
    return (
        f"text P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"
        f" · names P {hits / max(1, hits + false):.3f} R {hits / max(1, hits + misses):.3f} of {hits + misses}"
        f" · other headlines {others} of {total}"
    )


def agreement(read: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of one text's words."""
    one, other = Counter(words(read)), Counter(words(gold))
    common = (one & other).total()
    precision, recall = common / max(1, one.total()), common / max(1, other.total())
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def words_in(text: str) -> str:
    return f" {' '.join(words(text))} "


def names(text: str) -> set[str]:
    found = (match.split(" ") for line in text.split("\n") for match in NAME.findall(line))
    return {words_in(" ".join(run)) for said in found for run in capitalised(said) if len(run) > 1}


def capitalised(said: list[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for word in [*said, ""]:
        if word[:1].isupper():
            run.append(word)
            continue
        yield run
        run = []


def tell_lines(page: Page) -> None:
    gold, bare = folded(page.gold), folded(page.bare)
    ours = folded(f"{page.ours.title}{page.ours.lead}{page.ours.body}{page.ours.caption}")
    print(f"= {page.path}")
    for line in filter(folded, page.gold.split("\n")):
        if folded(line) not in ours and folded(line) in bare:
            print(f"  - {line[:150]}")
    for line in filter(folded, page.read["ours"].split("\n")):
        if folded(line) not in gold:
            print(f"  + {line[:150]}")


if __name__ == "__main__":
    main()
