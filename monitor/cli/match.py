"""Show which rules match a text, clause by clause, with the words marked.

Reads a web page, or plain text: its first line is the title, a line a paragraph but where lines were broken
at a width; - reads standard input.
Exits 0 when a rule matches, 1 when none does.
"""

import argparse

from monitor.alerting.prose import plural
from monitor.cli.articles import fetch_article, read_article
from monitor.cli.shell import Shell
from monitor.cli.telling import marked, mentions, see_known
from monitor.config.folder import Configuration
from monitor.matching import render_explanation
from monitor.model import Article, Field, Match

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor match seeds/articles/troops-in-russia.html
  pbpaste | monitor match - --rule troops-in-russia
  monitor match https://example.org/news/1.html --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `match` takes."""
    parser.add_argument("text", metavar="FILE|URL|-", help="what to read")
    parser.add_argument("--watchlist", metavar="W", help="ask only this watchlist")
    parser.add_argument("--rule", metavar="R", help="ask only this rule")
    parser.add_argument(
        "--explain", action="store_true", help="every asked rule clause by clause, misses too"
    )
    parser.add_argument("--json", action="store_true", help="matches with the offsets of their mentions")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Matches, each with its best sentence, then why the asked rules did or did not match."""
    found = shell.configuration(arguments.config)
    see_known(found, watchlist=arguments.watchlist, rule=arguments.rule)
    article = _article(arguments.text, found, shell)
    matches = [
        match
        for match in found.compiled.matcher.match(article)
        if arguments.watchlist in {None, match.watchlist} and arguments.rule in {None, match.rule}
    ]
    if arguments.json:
        shell.say_json({"matches": [_record(match) for match in matches]})
        return 0 if matches else 1
    _say_article(article, shell)
    for match in matches:
        _say_match(match, shell)
    if not matches:
        shell.say(shell.paint("no rule matches", "bold"))
    if arguments.explain or arguments.rule:
        asked = found.compiled.matcher.explain(article, watchlist=arguments.watchlist, rule=arguments.rule)
        for explanation in asked:
            shell.say()
            shell.say(render_explanation(explanation))
    return 0 if matches else 1


def _article(name: str, found: Configuration, shell: Shell) -> Article:
    if name.startswith(("http://", "https://")):
        return fetch_article(found, name)
    return read_article(shell.read(name), name)


def _record(match: Match) -> dict[str, object]:
    return {
        "watchlist": match.watchlist,
        "rule": match.rule,
        "severity": match.severity,
        "mentions": mentions(match.mentions),
        **({"held": match.held} if match.held else {}),
        **({} if match.score is None else {"score": match.score}),
    }


def _say_article(article: Article, shell: Shell) -> None:
    shell.say(shell.paint(article.title or "(no title)", "bold"))
    sizes = [f"{name} {_words(article.text(name))}" for name in Field if article.text(name)]
    cut = f"; {_words(article.furniture)} of boilerplate cut" if article.furniture else ""
    shell.say(shell.paint(", ".join(sizes) + cut, "dim"))
    if article.partial:
        shell.say(shell.paint(f"partial text: {article.partial}", "yellow"))
    shell.say()


def _words(text: str) -> str:
    return plural(len(text.split()), "word", "words")


def _say_match(match: Match, shell: Shell) -> None:
    held = shell.paint(f"  held by {match.held}", "yellow") if match.held else ""
    name = shell.paint(f"{match.watchlist}/{match.rule}", "bold")
    shell.say(f"{match.severity:8} {name}  {match.title}{held}")
    for excerpt in match.excerpts:
        shell.say(f"         {excerpt.field}: {marked(excerpt, shell)}")
