"""Commands and events as lists and back."""

import random
from types import GenericAlias, UnionType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptovault.engine import codec, commands
from cryptovault.engine.commands import CreditDeposit, DefineMarket, PlaceOrder, Terms
from cryptovault.engine.events import Event, OrderState, Rejected
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, OrderStatus, OrderType, SelfTrade, Side, TimeInForce
from engine.market_of_fools import OPENING, Fools

ORDER = PlaceOrder("bob", "key", "BTC-USD", Side.SELL, OrderType.LIMIT, TimeInForce.IOC, 5, 7, 0, True, SelfTrade(2))


def through_msgpack(fields: tuple[Any, ...]) -> Any:
    """What arrives after a journey."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(fields))


def test_tags_are_fixed() -> None:
    """The tags of commands are part of the journal format: this list may only grow."""
    assert [kind.__name__ for kind in codec.COMMAND_TAGS.values()] == [
        "EpochBarrier", "DefineAsset", "SetAssetStatus", "DefineMarket", "SetMarketStatus", "SetReferencePrices",
        "PlaceOrder", "CancelOrder", "CancelAll", "ReplaceQuotes", "CreditDeposit", "HoldWithdrawal",
        "SettleWithdrawal", "ReleaseWithdrawal", "Transfer", "Adjust", "PlaceOco", "PlaceBracket", "AmendOrder",
        "SetCancelTimer", "SetFeeTiers", "ScheduleMarketStatus", "Tick", "OpenPaperMarket",
        "ResetPaper",
    ]  # fmt: skip
    assert list(codec.COMMAND_TAGS) == list(range(1, 26))
    assert set(codec.COMMAND_TAGS.values()) == set(commands.Command.__args__)
    assert set(codec.EVENT_TAGS.values()) == set(Event.__args__)


def test_an_order_on_the_wire() -> None:
    """A journal holds orders like this one; they must be readable for ever."""
    fields = [7, "bob", "key", "BTC-USD", 1, 1, 1, 5, 7, 0, True, 2]
    assert list(codec.encode(ORDER)) == [*fields, None]
    assert codec.decode(fields) == ORDER
    trailing = ORDER._replace(type=OrderType.TRAILING_STOP, price=0, terms=Terms(trail=9, expires_at=2**70))
    fields = [7, "bob", "key", "BTC-USD", 1, 6, 1, 0, 7, 0, True, 2, [0, 0, 9, 0, 0, 0, str(2**70), False]]
    assert through_msgpack(codec.encode(trailing)) == fields
    assert codec.decode(fields) == trailing
    assert codec.decode([*fields[:-1], [0, 0, 9]]) == trailing._replace(terms=Terms(trail=9))


def test_cancelling_all_of_an_old_journal_means_real_orders() -> None:
    """A field that was appended has its default where a journal was written before there was paper trading."""
    assert codec.decode([9, "bob", ""]) == commands.CancelAll("bob", "", False)


def test_every_command_and_event_comes_back() -> None:
    """Encoding, msgpack and decoding give the same tuple of the same type with the same enums."""
    exchange = Exchange()
    fools = Fools(random.Random(5))
    for command in (*OPENING, *(fools.command() for _ in range(2_000))):
        back = codec.decode(through_msgpack(codec.encode(command)))
        assert back == command
        assert repr(back) == repr(command)
        for event in exchange.apply(exchange.seq + 1, exchange.at + 1, back):
            again = codec.decode_event(through_msgpack(codec.encode_event(event)))
            assert repr(again) == repr(event)


@given(amount=st.integers(-(10**30), 10**30))
def test_wide_integers_travel(amount: int) -> None:
    """Amounts beyond 64 bits survive msgpack."""
    command = CreditDeposit("bob", "key", "SHIB", amount, "rail")
    assert codec.decode(through_msgpack(codec.encode(command))) == command


def test_appended_fields_take_their_defaults() -> None:
    """A journal written before a field was appended is read with the field's default."""
    assert codec.decode([7, "bob", "key", "BTC-USD", 1, 1, 1, 5, 7]) == ORDER._replace(
        post_only=False, self_trade=SelfTrade.CANCEL_NEWEST
    )
    rules = codec.decode([4, "BTC-USD", "BTC", "USD", 1, 1, 1, 1, 1, 1, 1])
    assert isinstance(rules, DefineMarket)
    assert (rules.max_open_orders, rules.reference_max_age, rules.quotes_expire) == (200, 10_000, False)


@pytest.mark.parametrize(
    "fields",
    [
        [], [99], ["7"], None, {}, [7], [7, "bob"], [True, "n"],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, 5.0, 7, 0, True, 2],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, "5x", 7, 0, True, 2],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, "٣", 7, 0, True, 2],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, 5, 7, 0, 1, 2],
        [7, 8, "key", "BTC-USD", 1, 1, 1, 5, 7, 0, True, 2],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, 5, 7, 0, True, 2, 3],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, 5, 7, 0, True, 2, None, 3],
        [7, "bob", "key", "BTC-USD", 1, 1, 1, 5, 7, 0, True, 2, [0, 0, 0, 0, 0, 0, 0, False, 1]],
        [18, "bob", "key", "BTC-USD", 1, 7, [], [1], [1]],
        [6, [["BTC-USD"]]], [6, [["BTC-USD", 1, 2]]], [6, 5],
    ],
)  # fmt: skip
def test_malformed_is_told(fields: Any) -> None:
    """What is no command of the right shape and types is refused before it can reach the exchange."""
    with pytest.raises(codec.Malformed):
        codec.decode(fields)


def test_unknown_enum_value_is_left_to_the_exchange() -> None:
    """A number that no enum knows is decoded as it is, and refused by apply with a reason."""
    command = codec.decode([7, "bob", "key", "BTC-USD", 9, 1, 1, 5, 7, 0, True, 2])
    exchange = Exchange()
    for number, opening in enumerate(OPENING, 1):
        exchange.apply(number, number, opening)
    verdict = exchange.apply(exchange.seq + 1, 1, command)[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.ORDER_INVALID


JUNK = st.recursive(
    st.integers(-(10**31), 10**31) | st.integers(-2, 9) | st.text(max_size=5) | st.booleans() | st.floats() | st.none()
    | st.sampled_from(["bob", "@maker", "@fees", "BTC-USD", "BTC", "USD", "k" * 200, "x" * 70, "a b"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@given(tag=st.integers(0, 24), fields=st.lists(JUNK, max_size=13))
def test_junk_never_breaks_anything(tag: int, fields: list[Any]) -> None:
    """Whatever arrives is either malformed or answered, and the books stay in order."""
    exchange = Exchange()
    for number, opening in enumerate(OPENING, 1):
        exchange.apply(number, number, opening)
    try:
        command = codec.decode([tag, *fields])
    except codec.Malformed:
        return
    exchange.apply(exchange.seq + 1, 1, command)
    exchange.check()


INTEGERS = st.integers(-3, 30) | st.sampled_from([-(10**31), 10**30, 10**31, 2**63, 1000, 10_000])
TEXTS = st.sampled_from(
    [
        "bob",
        "ann",
        "@maker",
        "@fees",
        "@treasury",
        "@clearing:rail",
        "",
        "BTC-USD",
        "ETH-BTC",
        "BTC",
        "USD",
        "rail",
        "k" * 129,
        "n" * 65,
        "a b",
        "ü",
        "first bob USD",
    ]
)


def _field(hint: Any) -> st.SearchStrategy[Any]:
    if hint is str:
        return TEXTS
    if hint is bool:
        return st.booleans()
    if isinstance(hint, UnionType):
        return st.none() | _field(hint.__args__[0])
    if isinstance(hint, GenericAlias):
        first, *others = hint.__args__
        return st.lists(_field(first), max_size=3) if others == [...] else st.tuples(*map(_field, hint.__args__))
    if issubclass(hint, tuple):
        return st.tuples(*map(_field, hint.__annotations__.values()))
    return INTEGERS


@given(data=st.data())
def test_apply_never_raises_for_what_decodes(data: st.DataObject) -> None:
    """Commands of the right types with any values, also absurd ones, are answered; the books stay in order."""
    exchange = Exchange()
    for number, opening in enumerate(OPENING, 1):
        exchange.apply(number, number, opening)
    for _ in range(5):
        tag = data.draw(st.integers(1, len(codec.COMMAND_TAGS)))
        kind = codec.COMMAND_TAGS[tag]
        fields = [data.draw(_field(hint)) for hint in kind.__annotations__.values()]
        exchange.apply(exchange.seq + 1, 1, codec.decode([tag, *fields]))
    exchange.check()


def test_verdict_keeps_its_enums() -> None:
    """A decoded order state has enum members, not bare numbers."""
    state = OrderState(1, *ORDER[:-1], 0, 0, 0, OrderStatus.OPEN, CloseReason.NONE, 1, 5, 5)
    back = codec.decode_event(codec.encode_event(state))
    assert isinstance(back, OrderState)
    assert back.status is OrderStatus.OPEN
    assert back.side is Side.SELL
