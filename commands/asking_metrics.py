"""What asking CloudWatch for metrics costs, said before it is done and written down with the pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from commands.session import Session
from store.errors import PriceUnknownError, StepscopeError

SOURCE = "metrics"


def priced_metrics(session: Session) -> Callable[[str, int], str | None]:
    """What so many metrics cost in a Region today, with the day of the price; None where no price is known."""
    from analyzer.prices import known_prices

    book, today = known_prices(session.folder), datetime.fromtimestamp(session.clock() / 1_000, UTC).date()

    def priced(region: str, metrics: int) -> str | None:
        try:
            price = book.price(region, "metric_request", today)
        except PriceUnknownError:
            return None
        return f"{price.cost(metrics):f} {price.currency} (list price checked {price.checked})"

    return priced


def metrics_announced(session: Session) -> Iterator[str]:
    """What one reading of the machines that the store knows will request, by Region; what one machine takes if none."""
    from collectors.metric_queries import metrics_wanted

    every_h = session.settings.metrics.every_hours
    priced, known = priced_metrics(session), _known_types(session)
    for region, types in known.items():
        metrics = metrics_wanted(types)
        cost = priced(region, metrics) or "a price that is not known here"
        yield f"metrics: {metrics:,} requested in {region} once in {every_h} hours, each time for {cost}"
    if not known:
        one, account = metrics_wanted(["STANDARD"]) - metrics_wanted([]), metrics_wanted([])
        yield f"metrics: {one} requested for each machine and {account} for its account, once in {every_h} hours"


def _known_types(session: Session) -> dict[str, list[str]]:
    """The types of the machines that the store knows and AWS still lists, by Region."""
    from store.folder import readable_store
    from store.machines import listed_types

    try:
        with readable_store(session.folder) as store:
            return listed_types(store.db)
    except StepscopeError:  # a first pass: nobody knows yet
        return {}
