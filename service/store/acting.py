"""Who is acting: written into the log of changes with everything they change."""

from contextvars import ContextVar

acting_by: ContextVar[str] = ContextVar("acting_by", default="")
"""A name for whoever caused the change that is being written: a key's, or nothing for the service itself."""
