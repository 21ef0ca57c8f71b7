"""What can be wrong with votes, files or settings: one family, each saying what to do about it."""


class ClusteringError(ValueError):
    """Something handed to `clustering` is wrong; the message says what, where, and what was expected."""


class IdError(ClusteringError):
    """A participant, statement or conversation id that can't be one."""


class VoteValueError(ClusteringError):
    """A vote that is not agree (+1), disagree (−1) or pass (0)."""


class SettingsError(ClusteringError):
    """A setting out of its range."""


class ShapeError(ClusteringError):
    """Arrays whose shapes don't fit each other; the message names both."""


class ExchangeError(ClusteringError):
    """A file of another system that can't be read as what it claims to be; names file, line and column."""


class NotCanonicalError(ClusteringError):
    """Something that only a canonical map can give was asked of one that started from an earlier map."""
