"""The read model `orders`: each order's latest state, written once per order and batch."""

from cryptovault.engine.events import Event, OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import HOUSE_PREFIX
from cryptovault.features.orders.policy import is_news
from cryptovault.features.orders.views import order_document
from cryptovault.kit.catalogue import TermsBook
from cryptovault.kit.projection import Writes

COLLECTION = "orders"
PAPER = "paper_orders"
FIRST_VERSION = 1


class OrdersProjection:
    """Writes `orders`, or `paper_orders`, from OrderState; an order of the house leaves no document."""

    name = "orders"
    collections = (COLLECTION, PAPER)

    def __init__(self) -> None:
        self._terms = TermsBook()

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:  # noqa: ARG002
        """Replace the order's document by the state this event tells of."""
        if isinstance(event, OrderState) and not event.account.startswith(HOUSE_PREFIX) and is_news(event, exchange):
            terms = self._terms.of(event.market, exchange)
            collection = PAPER if terms.mirrors else COLLECTION
            writes.replace(collection, order_document(event, terms, seq), new=event.version == FIRST_VERSION)
