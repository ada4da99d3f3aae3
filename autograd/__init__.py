"""pathgrad: scalar reverse-mode differentiation as a sum over the paths of a computation graph."""

from .chain_rule import gradient as gradient
from .rules import *  # noqa: F403  # every row of the table is public
from .value import Value as Value
from .value import no_grad as no_grad
