"""How much work one target may take: counted and not timed, so that the same files give the same
answer on every machine."""

from __future__ import annotations

MOST_WORK = 2_000_000
"""Expressions, effects and values made while functions are summarised."""
MOST_OF_ONE = 400_000
"""The same for one function without those it calls, so that it does not leave others unread."""
WORK_OF_EFFECT = 10
"""Of taking over one effect of a function that is called: it takes memory too."""
MOST_DECLARED = 200_000
"""More of it for what is declared, however much was left of that."""
MOST_REACH = 600_000
"""More of it for the entries once functions are summarised."""
REACH_OF_ONE = 3_000
"""More still for each of them: a large function that answers for hundreds of tools is looked at for
each of these."""
MOST_REACH_OF_ALL = 1_200_000


def reach_of(entries: int) -> int:
    """Work for what so many entries reach."""
    return min(MOST_REACH + entries * REACH_OF_ONE, MOST_REACH_OF_ALL)


class Budget:
    """Shares of work: one for the target, and inside it one for each function at work."""

    def __init__(self, most: int | None = None) -> None:
        self.spent = 0
        self._most = MOST_WORK if most is None else most
        self._left = self._most
        """Of the share of the function at work."""
        self._around: list[int] = []
        """What is left to the functions that wait for it, the target first."""

    @property
    def exhausted(self) -> bool:
        """Whether the target has had its share."""
        return self.spent > self._most

    def spend(self, amount: int = 1) -> bool:
        """Count work. False once the target, or the function at work, has had its share."""
        self.spent += amount
        self._left -= amount
        return self._left >= 0 and self.spent <= self._most

    def begin(self) -> None:
        """A function starts."""
        self._around.append(self._left)
        self._left = MOST_OF_ONE

    def end(self) -> bool:
        """A function is done. False if it was cut short."""
        whole = self._left >= 0 and not self.exhausted
        self._left = self._around.pop()
        return whole

    def renew(self, more: int) -> None:
        """Allow more from here on."""
        self._most = self.spent + more
        self._left = more
        self._around.clear()
