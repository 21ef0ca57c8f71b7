"""What the store can answer instead of a record."""


class StoreError(RuntimeError):
    """Something the store can't do; the message says what was asked and what to do."""


class NotFoundError(StoreError):
    """No such conversation or statement, or none that this tenant may know of."""


class AlreadyExistsError(StoreError):
    """An id that is taken already."""


class MovedOnError(StoreError):
    """A conversation as it was can't be had any more: something else than votes has changed since."""


class StoreUnavailableError(StoreError):
    """The database can't be reached or is too busy. Whether a write happened is unknown; repeat it."""


class StoreFaultError(StoreError):
    """The database refused a statement that this program should not have sent."""


class StoreOutdatedError(StoreError):
    """The database's schema is older than this program: run `poldermodel migrate`."""
