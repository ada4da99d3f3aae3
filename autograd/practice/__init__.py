"""Practice on paper: exercises without end, worksheets with blanks, and marks that say what went wrong."""

from .exercise import exercise as exercise
from .worksheet import worksheet as worksheet
