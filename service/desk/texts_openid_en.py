"""The desk's texts in English: coming in by a provider."""

OPENID_ENGLISH: dict[str, str | tuple[str, str]] = {
    "desk_openid_do": "Sign in with {provider}",
    "desk_openid_or": "Or with a password",
    "desk_openid_help": "No way in? Ask your administrator for an invitation at the address that you "
    "sign in with.",
    "desk_openid_invited": "If you have an account there with the address that was invited, you need no "
    "password here.",
    "desk_openid_invitation_lead": "You were invited to the facilitator’s desk.",
    "desk_openid_off": "Here one signs in by address and password.",
    "desk_openid_refused": "Signing in was broken off, or took longer than ten minutes. Try again.",
    "desk_openid_no-answer": "The sign-in service does not answer. Try again later, or tell your "
    "administrator.",
    "desk_openid_not-believed": "What the sign-in service says of you can not be trusted. Tell your "
    "administrator.",
    "desk_openid_no-address": "The sign-in service tells no verified e-mail address of you. Tell your "
    "administrator.",
    "desk_openid_not-invited": "You signed in well, but nobody invited this address to the desk. Ask your "
    "administrator for an invitation.",
}
