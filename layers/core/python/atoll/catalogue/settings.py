"""What pycsw is told: of the catalogue, of its file, and what it may not do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atoll.catalogue.rows import TABLE
from atoll.model.search import LONGEST_PAGE

# Of the service's own record in its INSPIRE capabilities: when this was written.
SERVICE_DATE = "2026-11-23"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the catalogue says of itself.

    Attributes:
        url: absolute address of its doors, without a slash at its end.
        title, abstract: for a person.
        provider: who answers for it.
        email: of whoever that is.
    """

    url: str
    title: str
    abstract: str
    provider: str
    email: str


def settings(url: str, path: Path, told: Catalogue) -> dict[str, Any]:
    """The settings, made anew for each request: pycsw changes them.

    Args:
        url: absolute, of the door that is asked.
        path: of the records.
        told: what the catalogue says of itself.
    """
    return {
        "server": {
            "url": url,
            "mimetype": "application/xml; charset=UTF-8",
            "encoding": "UTF-8",
            "language": "en-US",
            "maxrecords": LONGEST_PAGE,
        },
        "logging": {"level": "ERROR"},
        "profiles": ["apiso"],
        "manager": {"transactions": False},
        "repository": {
            "database": f"sqlite:///{path}",
            "table": TABLE,
            "facets": [],  # pycsw counts them for every answer, and throws most away
            "max_retries": 0,
        },
        "metadata": _metadata(told),
    }


def _metadata(told: Catalogue) -> dict[str, Any]:
    unknown = ("address", "city", "stateorprovince", "postalcode", "country", "phone", "fax")
    contact = {
        "name": told.provider,
        "position": "",
        "email": told.email,
        "url": told.url,
        "hours": "",
        "instructions": "",
        "role": "pointOfContact",
    }
    return {
        "identification": {
            "title": told.title,
            "description": told.abstract,
            "keywords": ["ocean", "catalogue", "discovery"],
            "keywords_type": "theme",
            "fees": "None",
            "accessconstraints": "None",
        },
        "provider": {"name": told.provider, "url": told.url},
        "contact": contact | dict.fromkeys(unknown, ""),
        "inspire": {
            "enabled": True,
            "languages_supported": ["eng"],
            "default_language": "eng",
            "date": SERVICE_DATE,
            "gemet_keywords": ["Oceanographic geographical features"],
            "conformity_service": "notEvaluated",
            "contact_name": told.provider,
            "contact_email": told.email,
            "temp_extent": {"begin": "1900-01-01", "end": "2100-12-31"},
        },
    }
