"""pathgrad: scalar reverse-mode differentiation as a sum over the paths of a computation graph."""

from . import methods as _methods  # noqa: F401  # gives Value its operators
from .chain_rule import gradient as gradient
from .check import check_gradients as check_gradients
from .collision import warn_of_other_autograd as _warn_of_other_autograd
from .diagram import diagram as diagram
from .paths import count_paths as count_paths
from .paths import path_sum as path_sum
from .paths import paths as paths
from .rules import *  # noqa: F403  # every row of the table is public
from .tables import path_table as path_table
from .value import Value as Value
from .value import no_grad as no_grad

__version__ = "0.1.0"

_warn_of_other_autograd()
