"""pathgrad: scalar reverse-mode differentiation as a sum over the paths of a computation graph."""

from . import methods as _methods  # noqa: F401  # gives Value its operators
from .chain_rule import gradient as gradient
from .check import check_gradients as check_gradients
from .collision import warn_of_other_autograd as _warn_of_other_autograd
from .diagram import diagram as diagram
from .op import TABLE as _TABLE
from .paths import count_paths as count_paths
from .paths import path_sum as path_sum
from .paths import paths as paths
from .rules import *  # noqa: F403  # every row of the table is public
from .tables import path_table as path_table
from .value import Value as Value
from .value import no_grad as no_grad

__version__ = "0.1.0"
__all__ = [
    "Value",
    "check_gradients",
    "count_paths",
    "diagram",
    "gradient",
    "no_grad",
    "path_sum",
    "path_table",
    "paths",
]
__all__ += [name for name in _TABLE if name not in ("abs", "pow")]  # a star import leaves Python's own in place

_warn_of_other_autograd()
