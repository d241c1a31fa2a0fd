"""When to ask again, and what to remember."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetching import FetchingSettings
from monitor.fetching.freshness import Outcome, address, after, body_hash, rhythm, unchanged
from monitor.model import Failed, FeedEntry, Fetched, Gone, Listing, NotModified, SourceState, Validators

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://example.org/feed"
NEW = SourceState(source="a", url=URL, due=NOW)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SETTINGS = FetchingSettings()
FETCHED = Fetched(url=URL, status=200, body=b"<rss/>", validators=Validators(etag='"a"', url=URL))
EMPTY = Listing(entries=())


def next_state(
    outcome: Outcome,
    *,
    state: SourceState = NEW,
    listing: Listing | None = None,
    every: timedelta | None = None,
    now: datetime = NOW,
) -> SourceState:
    return after(state, outcome, listing=listing, source_every=every, settings=SETTINGS, now=now)


def wait(state: SourceState, now: datetime = NOW) -> timedelta:
    return state.due - now


def published(*ages: timedelta) -> Listing:
    return Listing(
        entries=tuple(FeedEntry(id=str(age), url="", title="t", published=NOW - age) for age in ages)
    )


# ---------------------------------------------------------------------------- what is remembered


def test_a_good_poll_is_remembered_whole() -> None:
    listing = replace(published(HOUR, 3 * HOUR), every=30 * MINUTE, remarks=("much", "more"))
    failing = replace(NEW, failures=3, failing_since=NOW - DAY, error="HTTP 500", gone=True, polls=4)
    state = next_state(FETCHED, state=failing, listing=listing)
    assert replace(state, due=NOW) == SourceState(
        source="a",
        url=URL,
        due=NOW,
        validators=Validators(etag='"a"', url=URL),
        body_hash=body_hash(b"<rss/>"),
        polled=NOW,
        attempted=NOW,
        newest=NOW - HOUR,
        every=30 * MINUTE,
        polls=5,
        gap=2 * HOUR,
        wish=30 * MINUTE,
        length=2,
        remark="much; more",
    )


def test_the_same_body_is_known_by_its_hash_and_its_new_validators_are_kept() -> None:
    state = next_state(FETCHED, listing=EMPTY)
    again = replace(FETCHED, validators=Validators(etag='"b"', url=URL))
    assert unchanged(state, again)
    later = next_state(again, state=state)
    assert (later.validators.etag, later.unchanged, later.spared) == ('"b"', 1, 0)


def test_another_body_is_not_unchanged_nor_is_the_first() -> None:
    assert not unchanged(NEW, FETCHED)
    assert not unchanged(next_state(FETCHED, listing=EMPTY), replace(FETCHED, body=b"<rss />"))


def test_304_keeps_what_was_listed_and_is_counted() -> None:
    state = next_state(FETCHED, listing=published(HOUR, 2 * HOUR))
    later = next_state(NotModified(validators=state.validators), state=state)
    assert (later.newest, later.gap, later.length, later.spared) == (NOW - HOUR, HOUR, 2, 1)
    assert (later.validators, later.body_hash) == (state.validators, state.body_hash)


@pytest.mark.parametrize("outcome", [Failed(reason="HTTP 500", code=500), Gone(reason="gone")])
def test_a_failure_forgets_nothing(outcome: Outcome) -> None:
    state = next_state(FETCHED, listing=published(HOUR))
    later = next_state(outcome, state=state, now=NOW + HOUR)
    kept = replace(
        later, due=state.due, attempted=NOW, failures=0, failing_since=None, error="", gone=False, polls=1
    )
    assert kept == state
    assert (later.failing_since, later.failures, later.attempted) == (NOW + HOUR, 1, NOW + HOUR)


def test_a_future_date_is_not_the_newest() -> None:
    assert next_state(FETCHED, listing=published(-5 * HOUR)).newest == NOW


# ---------------------------------------------------------------------------- when to ask again


def test_the_admins_interval_holds_against_what_the_feed_and_the_server_ask_for() -> None:
    outcome = replace(FETCHED, fresh_for=5 * HOUR)
    state = next_state(outcome, listing=replace(EMPTY, every=DAY), every=10 * MINUTE)
    assert state.every == 10 * MINUTE
    assert 9 * MINUTE <= wait(state) < 20 * MINUTE


@pytest.mark.parametrize(
    ("ages", "wish", "expected"),
    [
        ([], None, 15 * MINUTE),
        ([], 2 * HOUR, 2 * HOUR),
        ([], MINUTE, 15 * MINUTE),
        ([], 300 * DAY, DAY),
        ([MINUTE, 2 * MINUTE, 3 * MINUTE], None, 5 * MINUTE),
        ([MINUTE, 41 * MINUTE, 81 * MINUTE], None, 10 * MINUTE),
        ([80 * MINUTE, 81 * MINUTE, 82 * MINUTE], None, 20 * MINUTE),
        ([9 * DAY, 10 * DAY], None, 30 * MINUTE),
    ],
)
def test_a_burst_shortens_and_silence_lengthens(
    ages: list[timedelta], wish: timedelta | None, expected: timedelta
) -> None:
    state = next_state(FETCHED, listing=replace(published(*ages), every=wish))
    assert state.every == expected


@pytest.mark.parametrize(
    ("fresh", "least", "most"),
    [
        (None, 14 * MINUTE, 30 * MINUTE),
        (2 * HOUR, 2 * HOUR, 2 * HOUR),
        (365 * DAY, DAY, DAY),
        (timedelta(seconds=1), 14 * MINUTE, 30 * MINUTE),
    ],
)
def test_freshness_is_believed_up_to_a_day(
    fresh: timedelta | None, least: timedelta, most: timedelta
) -> None:
    assert least <= wait(next_state(replace(FETCHED, fresh_for=fresh), listing=EMPTY)) <= most


@pytest.mark.parametrize(
    ("failed", "failures", "least", "most"),
    [
        (Failed(reason="x", code=500), 0, 15 * MINUTE, 17 * MINUTE),
        (Failed(reason="x", code=500), 1, 30 * MINUTE, 34 * MINUTE),
        (Failed(reason="x", code=500), 2, HOUR, 68 * MINUTE),
        (Failed(reason="x"), 9, DAY, 27 * HOUR),
        (Failed(reason="x"), 100_000, DAY, 27 * HOUR),
        (Failed(reason="x", code=403), 0, 4 * HOUR, 4 * HOUR),
        (Failed(reason="x", code=429), 0, 4 * HOUR, 4 * HOUR),
        (Failed(reason="x", code=429, retry_after=HOUR), 0, HOUR, HOUR),
        (Failed(reason="x", code=503, retry_after=3650 * DAY), 0, 7 * DAY, 7 * DAY),
        (Failed(reason="x", code=500, retry_after=9 * HOUR), 0, 15 * MINUTE, 17 * MINUTE),
        (Failed(reason="x", code=429, retry_after=timedelta(0)), 0, 15 * MINUTE, 17 * MINUTE),
    ],
)
def test_failures_back_off_and_never_for_ever(
    failed: Failed, failures: int, least: timedelta, most: timedelta
) -> None:
    state = next_state(failed, state=replace(NEW, failures=failures))
    assert least <= wait(state) <= most


def test_gone_is_said_and_asked_again_after_a_day() -> None:
    state = next_state(Gone(reason="HTTP 410"))
    assert (state.gone, state.error, wait(state)) == (True, "HTTP 410", DAY)


def test_a_source_keeps_its_place_in_the_interval() -> None:
    state = next_state(FETCHED, every=HOUR, listing=EMPTY)
    later = next_state(FETCHED, state=state, every=HOUR, now=state.due + timedelta(seconds=20))
    assert later.due == state.due + HOUR


def test_sources_spread_over_the_interval() -> None:
    dues = {
        next_state(FETCHED, state=replace(NEW, url=f"{URL}/{number}"), listing=EMPTY).due
        for number in range(50)
    }
    assert len(dues) == 50
    assert max(dues) - min(dues) > 10 * MINUTE


NOW_IS_TUESDAY = 1


@pytest.mark.parametrize(
    ("hours", "days", "least", "most"),
    [
        ({12, 13}, set(), 14 * HOUR, 15 * HOUR),
        (set(), {NOW_IS_TUESDAY}, DAY, 25 * HOUR),
        ({11}, {3}, 12 * HOUR, 13 * HOUR),
        (set(range(24)), set(), 36 * HOUR, 37 * HOUR),
        (set(), set(range(7)), 36 * HOUR, 37 * HOUR),
    ],
)
def test_hours_and_days_to_skip_are_waited_out_for_a_day_at_the_most(
    hours: set[int], days: set[int], least: timedelta, most: timedelta
) -> None:
    listing = replace(EMPTY, skip_hours=frozenset(hours), skip_days=frozenset(days))
    midnight = NOW.replace(hour=0)
    for state in (
        next_state(FETCHED, listing=listing),
        next_state(NotModified(), state=next_state(FETCHED, listing=listing)),
    ):
        assert midnight + least <= state.due <= midnight + most
    at_his_word = next_state(FETCHED, listing=listing, every=10 * MINUTE)
    assert wait(at_his_word) < 20 * MINUTE


OUTCOMES = st.one_of(
    st.builds(
        Failed,
        reason=st.just("x"),
        code=st.sampled_from([0, 403, 404, 429, 500, 503]),
        retry_after=st.one_of(st.none(), st.timedeltas(min_value=timedelta(0), max_value=36500 * DAY)),
    ),
    st.builds(
        NotModified, fresh_for=st.one_of(st.none(), st.timedeltas(timedelta(0), max_value=36500 * DAY))
    ),
    st.just(FETCHED),
    st.just(Gone(reason="x")),
)


@given(st.lists(st.tuples(OUTCOMES, st.timedeltas(-400 * DAY, 400 * DAY)), max_size=12))
def test_whatever_comes_and_however_the_clock_jumps_the_next_poll_is_in_a_minute_to_a_week(
    steps: list[tuple[Outcome, timedelta]],
) -> None:
    state, now = NEW, NOW
    for outcome, jump in steps:
        now += jump
        state = next_state(outcome, state=state, now=now)
        assert MINUTE <= state.due - now <= 7 * DAY + 3 * HOUR


def test_no_rhythm_is_shorter_than_a_minute() -> None:
    assert rhythm(NEW, source_every=timedelta(seconds=1), settings=SETTINGS, now=NOW) == MINUTE


# ---------------------------------------------------------------------------- moving


def test_a_permanent_redirect_is_adopted_after_a_week_of_the_same_target() -> None:
    moved = replace(FETCHED, url="https://new.example.org/feed", moved="https://new.example.org/feed")
    state = next_state(moved, listing=EMPTY)
    assert address(state, NOW) == URL
    state = next_state(moved, state=state, now=NOW + 6 * DAY)
    assert address(state, NOW + 6 * DAY) == URL
    assert address(state, NOW + 7 * DAY) == "https://new.example.org/feed"


def test_another_target_starts_the_week_anew() -> None:
    state = next_state(replace(FETCHED, moved="https://one.example.org/"), listing=EMPTY)
    state = next_state(replace(FETCHED, moved="https://two.example.org/"), state=state, now=NOW + 6 * DAY)
    assert address(state, NOW + 8 * DAY) == URL
    assert state.moved_since == NOW + 6 * DAY


def test_a_redirect_that_ends_is_forgotten() -> None:
    state = next_state(replace(FETCHED, moved="https://one.example.org/"), listing=EMPTY)
    state = next_state(FETCHED, state=state, now=NOW + DAY)
    assert (state.moved, state.moved_since) == ("", None)


def test_https_on_the_same_host_is_adopted_at_once() -> None:
    state = replace(NEW, url="http://example.org/feed")
    moved = replace(FETCHED, moved=URL)
    assert address(next_state(moved, state=state, listing=EMPTY), NOW) == URL


def test_an_adopted_address_that_answers_keeps_its_place_and_one_that_fails_loses_it() -> None:
    moved = replace(FETCHED, moved="https://new.example.org/feed")
    state = next_state(moved, listing=EMPTY)
    later = NOW + 8 * DAY
    state = next_state(FETCHED, state=state, now=later)
    assert address(state, later) == "https://new.example.org/feed"
    for _ in range(3):
        state = next_state(Failed(reason="HTTP 404", code=404), state=state, now=later)
    assert address(state, later) == URL


def test_a_failure_behind_a_redirect_adopts_nothing() -> None:
    assert next_state(Failed(reason="this is a web page")).moved == ""
