"""For tests and doctests alike: ops defined in one of them are gone in the next."""

from collections.abc import Iterator

import pytest

from autograd.op import TABLE, Operand


@pytest.fixture(autouse=True)
def _same_table() -> Iterator[None]:
    rows, methods = dict(TABLE), set(vars(Operand))
    yield
    TABLE.clear()
    TABLE.update(rows)
    for name in set(vars(Operand)) - methods:
        delattr(Operand, name)
