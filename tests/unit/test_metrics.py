import re

import pytest

from monitor.metrics import Metrics, show

FIGURES = list(Metrics().figures())


def test_every_metric_says_what_it_means_and_is_told_once():
    names = [figure.name for figure in FIGURES]
    assert len(names) == len(set(names)) >= 25
    assert all(figure.meaning.endswith(".") for figure in FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_series_of_a_metric_are_what_prometheus_reads(figure):
    metrics = Metrics()
    (made,) = (made for made in metrics._made if made._name == figure.name)
    if figure.labels:
        made = made.labels(*figure.labels)
    text = metrics.exposition().decode()
    assert made is not None
    for series in figure.series:
        assert re.search(rf"^{series}[ {{]", text, re.MULTILINE), series


def test_a_gauge_forgets_what_is_no_more():
    metrics = Metrics()
    show(metrics.stored, {"articles": 3, "stories": 1})
    show(metrics.stored, {"articles": 4})
    assert metrics.registry.get_sample_value("monitor_store_rows", {"kind": "articles"}) == 4
    assert metrics.registry.get_sample_value("monitor_store_rows", {"kind": "stories"}) is None
