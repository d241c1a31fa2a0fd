"""The shipped configuration, read by the program's own loader."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.config.document import read_document
from monitor.matching.watchlist import Entity, EntityFile
from monitor.sources import Source, SourcesFile

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="session")
def config() -> Path:
    return CONFIG


@pytest.fixture(scope="session")
def packs() -> Mapping[str, EntityFile]:
    files = sorted((CONFIG / "entities").glob("*.yaml"))
    return {
        file.stem: EntityFile.model_validate(read_document(file.name, file.read_bytes()).value)
        for file in files
    }


@pytest.fixture(scope="session")
def entities(packs: Mapping[str, EntityFile]) -> Mapping[str, Entity]:
    return {name: entity for pack in packs.values() for name, entity in pack.entities.items()}


@pytest.fixture(scope="session")
def sources() -> tuple[Source, ...]:
    written = (CONFIG / "sources.yaml").read_bytes()
    return tuple(SourcesFile.model_validate(read_document("sources.yaml", written).value).sources)
