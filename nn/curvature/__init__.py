"""What second derivatives are good for: Taylor models, Newton's method, spectra, saddles, pruning, error bars (J9)."""

from .critical_points import CriticalPoint, critical_point, plot_along_eigenvectors
from .error_bars import ErrorBars, error_bars, plot_error_bars
from .newton import gradient_descent, newton
from .pruning import Pruning, prune, saliency
from .pruning_curves import plot_pruning, pruning_curves
from .spectrum import HessianSpectrum, hessian_eigenvalues, largest_eigenvalue
from .taylor import TaylorError, TaylorModel, plot_taylor_error, taylor_error, taylor_model
from .tracks import Track, plot_tracks

__all__ = [
    "CriticalPoint",
    "ErrorBars",
    "HessianSpectrum",
    "Pruning",
    "TaylorError",
    "TaylorModel",
    "Track",
    "critical_point",
    "error_bars",
    "gradient_descent",
    "hessian_eigenvalues",
    "largest_eigenvalue",
    "newton",
    "plot_along_eigenvectors",
    "plot_error_bars",
    "plot_pruning",
    "plot_taylor_error",
    "plot_tracks",
    "prune",
    "pruning_curves",
    "saliency",
    "taylor_error",
    "taylor_model",
]
