"""The words that explain an order, by code: in English here, in the web app's languages under the same codes there."""

from typing import Any, NamedTuple

WORDS = {
    "type": {
        "market": "market order",
        "limit": "limit order",
        "stop": "stop",
        "stop_limit": "stop-limit order",
        "take_profit": "take-profit",
        "take_profit_limit": "take-profit limit order",
        "trailing_stop": "trailing stop",
    },
    "role": {"entry": "entry", "take_profit": "take-profit", "stop_loss": "stop-loss"},
    "source": {"reference": "the reference price", "last_trade": "the last trade"},
}
"""Values of a sentence that are words themselves."""

SENTENCES = {
    "placed_buy": "A {type} was placed to buy {qty} {base}.",
    "placed_buy_at": "A {type} was placed to buy {qty} {base} at {price} {quote} or better.",
    "placed_buy_for": "A {type} was placed to buy {base} for {total} {quote}.",
    "placed_sell": "A {type} was placed to sell {qty} {base}.",
    "placed_sell_at": "A {type} was placed to sell {qty} {base} at {price} {quote} or better.",
    "only_adds": "It may only add to the book.",
    "at_once_or_not": "It trades at once and whole, or not at all.",
    "as_far_as_possible": "It trades as far as possible at once.",
    "shows": "The book shows {amount} {asset} of it at a time.",
    "member": "It is the {role} of group {group}.",
    "waits_above": "It waits until {source} is at {price} {quote} or above.",
    "waits_below": "It waits until {source} is at {price} {quote} or below.",
    "trails": "Its trigger stays {trail} behind the best that {source} has been, and never moves back.",
    "trails_from": (
        "Once {source} has been at {price}, its trigger stays {trail} behind the best that it has been, "
        "and never moves back."
    ),
    "cause_reference": "The reference price became {price} {quote}.",
    "cause_trade": "A trade took place at {price} {quote}.",
    "cause_moved": "The price moved.",
    "fired": "That reached its trigger: the {type} fired.",
    "fired_at": "That reached the trigger of {price}: the {type} fired.",
    "woken": "The entry of its group has traded, and this order came to life.",
    "sleeps": "It sleeps until the entry of its group trades.",
    "changed_price": "Its owner changed the price from {old} to {new}.",
    "changed_qty": "Its owner changed the quantity from {old} to {new}.",
    "changed_trigger": "Its owner changed the trigger from {old} to {new}.",
    "changed_nothing": "Its owner amended it, to what it was already.",
    "kept_place": "It kept its place in the queue.",
    "lost_place": "It lost its place in the queue.",
    "set_aside": "{amount} {asset} was set aside for it.",
    "given_back": "{amount} {asset} that it did not need was given back.",
    "took_buy": "It met what rested, best price first, and bought {qty} {base} at {prices} {quote}.",
    "took_sell": "It met what rested, best price first, and sold {qty} {base} at {prices} {quote}.",
    "made_buy": "Another order came that met it first in line, and it bought {qty} {base} at {prices} {quote}.",
    "made_sell": "Another order came that met it first in line, and it sold {qty} {base} at {prices} {quote}.",
    "reached_buy": "The live book came to its price, and it bought {qty} {base} at {prices} {quote}.",
    "reached_sell": "The live book came to its price, and it sold {qty} {base} at {prices} {quote}.",
    "auctioned_buy": (
        "The market opened: all that crossed traded at one price, and it bought {qty} {base} at {prices} {quote}."
    ),
    "auctioned_sell": (
        "The market opened: all that crossed traded at one price, and it sold {qty} {base} at {prices} {quote}."
    ),
    "fee": "The fee was {amount} {asset} ({percent} %).",
    "rests": "{qty} {base} rests in the book at {price} {quote}.",
    "rests_behind": "{qty} {base} rests in the book at {price} {quote}, behind {ahead} {base} that was there before.",
    "ended_user": "Its owner cancelled it.",
    "ended_immediate": "What could not trade at once expired, because the order was not to rest.",
    "ended_self_trade": "It met an order of the same account; self-trade prevention ended it.",
    "ended_collar": "It stopped at the collar: the next price was too far from the reference price.",
    "ended_budget": "It spent what it was allowed to spend.",
    "ended_date": "Its date had come.",
    "ended_linked": "Another order of its group traded, fired or was cancelled, and that cancelled this one.",
    "ended_not_placed": "It fired, but could not be placed in the market as it was then.",
    "ended_timer": "The account's cancel timer ran out.",
    "ended_house": "The exchange took it out.",
    "ended_amended": "It was made as small as what had traded already.",
    "filled": "The order is filled.",
    "had_traded": "{qty} {base} of it had traded.",
    "none_traded": "None of it had traded.",
}


class Saying(NamedTuple):
    """A sentence by its code, and what it is about; amounts and prices as decimal strings."""

    code: str
    values: dict[str, str]

    @property
    def text(self) -> str:
        """In English."""
        return SENTENCES[self.code].format(
            **{name: WORDS[name][value] if name in WORDS else value for name, value in self.values.items()}
        )

    def told(self) -> dict[str, Any]:
        """The JSON object `Saying`."""
        return {"code": self.code, "values": self.values}
