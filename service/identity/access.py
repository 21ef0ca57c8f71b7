"""What each route asks of its caller, written beside the route and checked before anything else runs."""

from collections.abc import Callable
from typing import Any, TypeVar

from service.identity.caller import Caller, Scope
from service.store.desk_records import Role

View = TypeVar("View", bound=Callable[..., Any])


class KeyNeededError(Exception):
    """Somebody without a key asked for what needs one."""


class ScopeNeededError(Exception):
    """A known caller lacks a scope; the message names it."""


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    view.__dict__["needed_scope"] = None
    return view


def needs(scope: Scope) -> Callable[[View], View]:
    """Mark a view as open only to callers who hold a scope."""

    def mark(view: View) -> View:
        view.__dict__["needed_scope"] = scope
        return view

    return mark


def needs_role(role: Role) -> Callable[[View], View]:
    """Mark a view as open only to people who are signed in at the desk with at least a role.

    It asks no scope of a key: the desk looks at its sessions before any of its views runs.
    """

    def mark(view: View) -> View:
        view.__dict__["needed_scope"] = None
        view.__dict__["needed_role"] = role
        return view

    return mark


def needed_role(view: Callable[..., Any]) -> Role | None:
    """Return the role that a view asks of the desk's people, or nothing when it asks none."""
    return view.__dict__.get("needed_role")


def needed_scope(view: Callable[..., Any]) -> Scope | None:
    """Return the scope a view asks for, or nothing when it is public.

    Raises
    ------
    LookupError
        When the view was marked neither way: an unmarked route is closed, never open by oversight.
    """
    try:
        return view.__dict__["needed_scope"]
    except KeyError:
        raise LookupError(
            f"{view.__name__}: mark it with @public, @needs(scope) or @needs_role(role)"
        ) from None


def check(caller: Caller, scope: Scope | None) -> None:
    """Refuse a caller who lacks a scope.

    Raises
    ------
    KeyNeededError
        When the caller showed no key.
    ScopeNeededError
        When the caller's key does not hold the scope.
    """
    if scope is None or caller.may(scope):
        return
    if not caller.is_known:
        raise KeyNeededError("this needs a key: send 'Authorization: Bearer <key>'")
    raise ScopeNeededError(f"this needs a key with the scope '{scope}'")
