"""pathgrad: scalar reverse-mode differentiation as a sum over the paths of a computation graph."""

from . import methods as _methods  # noqa: F401  # gives Value its operators
from .agreement import agreement as agreement
from .chain_rule import gradient as gradient
from .check import check_gradients as check_gradients
from .checkpoint import checkpoint as checkpoint
from .collision import warn_of_other_autograd as _warn_of_other_autograd
from .counting import count_steps as count_steps
from .derivation import derivation as derivation
from .diagram import diagram as diagram
from .explain import explain_gradient as explain_gradient
from .hessian import hessian as hessian
from .hessian import hvp as hvp
from .jacobian import jacobian as jacobian
from .jacobian import jvp as jvp
from .network_steps import network_steps as network_steps
from .network_steps import training_time as training_time
from .op import TABLE as _TABLE
from .paths import count_paths as count_paths
from .paths import path_sum as path_sum
from .paths import paths as paths
from .practice import exercise as exercise
from .practice import worksheet as worksheet
from .recording import no_grad as no_grad
from .rules import *  # noqa: F403  # every row of the table is public
from .tables import path_table as path_table
from .tape import Tape as Tape
from .value import Value as Value

__version__ = "0.1.0"
__all__ = [
    "Tape",
    "Value",
    "agreement",
    "check_gradients",
    "checkpoint",
    "count_paths",
    "count_steps",
    "derivation",
    "diagram",
    "exercise",
    "explain_gradient",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "network_steps",
    "no_grad",
    "path_sum",
    "path_table",
    "paths",
    "training_time",
    "worksheet",
]
__all__ += [name for name in _TABLE if name not in ("abs", "pow")]  # a star import leaves Python's own in place

_warn_of_other_autograd()
