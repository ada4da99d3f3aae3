"""The tape: a graph recorded as a flat program, optimised, and replayed over batches by one of three executors."""

from .tape import Tape as Tape
