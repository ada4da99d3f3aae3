"""How far training has come: one line rewritten in place for people who watch, about ten lines for a log."""

from __future__ import annotations

import shutil
import sys

from .history import History, is_tenth


class Progress:
    """Prints `epoch 12/100  loss 0.1234  validation 0.14` to `sys.stdout`, after each epoch or, into a log, each tenth.

    In a terminal or a notebook a carriage return and blanks let each line hide the one before it.
    """

    def __init__(self, epochs: int, wanted: bool = True) -> None:
        self.epochs, self.wanted = epochs, wanted
        self.tty = sys.stdout.isatty()
        self.live = self.tty or "ipykernel" in sys.modules
        self.length = 0  # of the line that stands there now

    def note(self, sentence: str) -> None:
        """Show a sentence on a line of its own, above the line that is rewritten."""
        if self.wanted:
            if self.live:
                self._rewrite(sentence)
                self.length = 0
                print()
            else:
                print(sentence)

    def after_epoch(self, history: History) -> None:
        """Show the numbers of the last epoch, if it is its turn."""
        if not self.wanted:
            return
        if self.live:
            width = shutil.get_terminal_size().columns - 1 if self.tty else None
            self._rewrite(self._line(history)[:width])  # a wrapped line's first half could not be rewritten
        elif history.epochs == 1 or is_tenth(history.epochs, self.epochs):
            print(self._line(history))

    def close(self, history: History) -> None:
        """Leave one whole last line, with the reason why training ended unless it simply went through."""
        if not self.wanted:
            return
        reason = "" if history.stopped == f"all {self.epochs} epochs done" else history.stopped
        line = "  ".join(part for part in (self._line(history), reason) if part)
        if self.live:
            self._rewrite(line)
            print()
        elif reason:
            print(line)

    def _line(self, history: History) -> str:
        if not history.rows:
            return f"epoch 0/{self.epochs}"
        return f"epoch {history.epochs:{len(str(self.epochs))}d}/{self.epochs}  {history.line(history.epochs)}"

    def _rewrite(self, line: str) -> None:
        blanks = " " * (self.length - len(line))
        print(f"\r{line}{blanks}", end="", flush=self.tty)  # notebooks flush when it suits them
        self.length = len(line)
