"""Every kind of problem this API answers with: its name, its status and what it means."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem.

    Attributes
    ----------
    name
        The last part of its `type`, stable: clients may act on it.
    status
        The HTTP status it comes with.
    title
        What it means, the same for every occurrence.
    """

    name: str
    status: int
    title: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind("bad-request", 400, "The request can't be read"),
        Kind("bad-json", 400, "The body is not strict JSON"),
        Kind("key-needed", 401, "This needs a key that is known here"),
        Kind("scope-needed", 403, "This key does not allow that"),
        Kind("conversation-closed", 403, "The conversation is closed"),
        Kind("not-now", 403, "The conversation does not ask for this now"),
        Kind("identity-refused", 403, "The signed identity is not accepted"),
        Kind("code-refused", 403, "The code can't be redeemed"),
        Kind("participant-needed", 403, "A platform says on whose behalf it asks"),
        Kind("assurance-needed", 403, "This conversation asks for a surer identity"),
        Kind("not-found", 404, "There is nothing here"),
        Kind("method-not-allowed", 405, "This address does not answer that method"),
        Kind("not-acceptable", 406, "This address can't answer in a form you accept"),
        Kind("not-ready", 409, "This is still being made"),
        Kind("codes-closed", 409, "These codes can't be read any more"),
        Kind("same-statement", 409, "Somebody said this already"),
        Kind("too-many", 409, "There are as many as there may be"),
        Kind("statement-exists", 409, "A statement with this id exists already"),
        Kind("unknown-statement", 409, "The conversation has no such statement"),
        Kind("merge-refused", 409, "These statements can't be merged, or not parted"),
        Kind("hidden-statement", 409, "The statement is not open to votes"),
        Kind("unknown-participant", 409, "The conversation has no such participant"),
        Kind("results-hidden", 409, "The conversation does not show its results yet"),
        Kind("unknown-answer", 409, "The conversation does not ask that, or has no such option"),
        Kind("ids-clash", 409, "Two of these have the same id"),
        Kind("ballots-differ", 409, "The ballots were typed in differently"),
        Kind("ballots-refused", 409, "Some votes on these ballots can't be taken"),
        Kind("ballots-recorded", 409, "This batch of ballots is recorded already"),
        Kind("too-long", 409, "The text is too long"),
        Kind("nothing-shown", 409, "The text shows nothing"),
        Kind("phases-clash", 409, "The phases don't follow one another"),
        Kind("address-refused", 409, "Nothing is sent to that address"),
        Kind("changed-meanwhile", 412, "What you have is not what is here now"),
        Kind("too-slow", 408, "The request did not come in time"),
        Kind("too-large", 413, "The body is too large"),
        Kind("address-too-long", 414, "The address is too long"),
        Kind("wrong-content-type", 415, "The body must be plain JSON"),
        Kind("invalid", 422, "The request is readable, but something in it is not valid"),
        Kind("key-reused", 422, "This Idempotency-Key was used for another request"),
        Kind("too-many-waiting", 429, "Too many statements of this participant wait for a moderator"),
        Kind("too-many-requests", 429, "Too many requests"),
        Kind("headers-too-large", 431, "The headers are too large"),
        Kind("failed", 500, "Something went wrong here"),
        Kind("not-implemented", 501, "That format is not spoken here"),
        Kind("unavailable", 503, "The service can't do this now"),
    )
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field.

    Attributes
    ----------
    pointer
        Where: a JSON pointer into the body (`#/votes/3/vote`), or the name of a query parameter (`?limit`) or
        header.
    detail
        What was expected and what came.
    """

    pointer: str
    detail: str


@dataclass(eq=False, slots=True)
class ProblemError(Exception):
    """Raised anywhere in the API to answer with a problem.

    Attributes
    ----------
    name
        One of `KINDS`.
    detail
        What happened this time, and what to do about it; never a secret, never a stack trace.
    errors
        The fields that are wrong, when fields are.
    headers
        Headers that belong to the answer, such as `Retry-After`.
    """

    name: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The kind of problem this is."""
        return KINDS[self.name]
