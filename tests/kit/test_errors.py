import pytest

from cryptovault.engine.events import Done, Rejected
from cryptovault.engine.rejects import Reject
from cryptovault.kit import errors


def subclasses(kind: type[errors.ApiError]) -> list[type[errors.ApiError]]:
    """Every error below one, in depth."""
    return [found for child in kind.__subclasses__() for found in (child, *subclasses(child))]


def test_every_refusal_has_a_status_and_a_sentence() -> None:
    """The table of refusals is complete: whatever the engine says, the API has words for it."""
    assert set(errors.REFUSALS) == set(Reject)
    assert all(400 <= status < 500 or status == 503 for status, _ in errors.REFUSALS.values())
    assert all(sentence.endswith(".") for _, sentence in errors.REFUSALS.values())


def test_the_tree_is_drawn_as_it_is() -> None:
    """The drawing at the top of the module names every error of the module with its status and code."""
    drawing = errors.__doc__ or ""
    own = [kind for kind in subclasses(errors.ApiError) if kind.__module__ == errors.__name__]
    for kind in own:
        line = next(line for line in drawing.splitlines() if f"── {kind.__name__} " in line)
        if kind is not errors.Refused:
            assert str(kind.status) in line
            assert kind.code in line


def test_a_refusal_is_raised_and_anything_else_passes() -> None:
    """`accepted` gives back what the engine did and raises what it refused."""
    done = Done("ada", "x")
    assert errors.accepted(done) is done
    with pytest.raises(errors.Refused) as refused:
        errors.accepted(Rejected("ada", Reject.LOT_SIZE, "qty 5 is no multiple of 10"))
    assert (refused.value.status, refused.value.code) == (422, "LOT_SIZE")
    assert refused.value.details == {"reason": "qty 5 is no multiple of 10"}


def test_declared_errors_are_grouped_by_status() -> None:
    """A route's documentation names every code under its status, with an example of each."""
    responses = errors.declare(Reject.INSUFFICIENT_FUNDS, Reject.LOT_SIZE, errors.NotFound)
    assert set(responses) == {400, 404, 422}
    examples = responses[422]["content"]["application/json"]["examples"]
    assert set(examples) == {"INSUFFICIENT_FUNDS", "LOT_SIZE"}
