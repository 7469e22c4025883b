"""Why an engine or projector stops.

Stopped                 crash-only: the process ends, and start-up is recovery
├── NotDurable          the database cannot keep the promise that acknowledged is durable (J1)
├── JournalBroken       a gap, a fork or a bad hash (J3)
├── RolledBack          the database is behind what this machine knows was acknowledged (J9)
├── Fenced              another leader has taken over (J7, J8)
└── InvariantFailed     apply() raised or a check failed (J12); needs an operator
"""


class Stopped(Exception):
    """The process must end. The message says what to do."""


class NotDurable(Stopped):
    """The database is not set up to keep what it acknowledges."""


class JournalBroken(Stopped):
    """The journal is not one dense, unbroken chain."""


class RolledBack(Stopped):
    """The journal ends before, or differs at, a place that was acknowledged."""


class Fenced(Stopped):
    """Another leader has written at our place."""


class InvariantFailed(Stopped):
    """The exchange contradicted itself; nothing of the batch was acknowledged."""
