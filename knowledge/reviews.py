"""How long what was found out holds until somebody should look again. It moves no verdict, so is in no edition."""

from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.models import Record
from knowledge.records import parse, read_toml

REVIEWS = "reviews.toml"


class Period(Record):
    """A whole number of days."""

    days: int = Field(ge=1, le=3660, strict=True)


class Reviews(Record):
    """The periods, by what they are about."""

    service_facts: Period
    guideline: Period


def load_reviews(folder: Traversable | None = None) -> Reviews:
    """Return the periods. Raises DataError."""
    return parse(Reviews, read_toml((folder or files("knowledge")) / REVIEWS), REVIEWS)


def load_service_review(folder: Traversable | None = None) -> timedelta:
    """Return how long a fact about a service holds after the day it was found. Raises DataError."""
    return timedelta(days=load_reviews(folder).service_facts.days)
