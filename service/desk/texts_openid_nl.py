"""The desk's texts in Dutch: coming in by a provider."""

OPENID_DUTCH: dict[str, str | tuple[str, str]] = {
    "desk_openid_do": "Inloggen met {provider}",
    "desk_openid_or": "Of met een wachtwoord",
    "desk_openid_help": "Komt u er niet in? Vraag uw beheerder om een uitnodiging op het adres waarmee u "
    "inlogt.",
    "desk_openid_invited": "Hebt u daar een account met het adres dat is uitgenodigd? Dan hebt u hier geen "
    "wachtwoord nodig.",
    "desk_openid_invitation_lead": "U bent uitgenodigd voor de werkplek.",
    "desk_openid_off": "Hier logt u in met adres en wachtwoord.",
    "desk_openid_refused": "Het inloggen is afgebroken, of duurde langer dan tien minuten. Probeer het "
    "opnieuw.",
    "desk_openid_no-answer": "De inlogdienst geeft geen antwoord. Probeer het later opnieuw, of vertel het uw "
    "beheerder.",
    "desk_openid_not-believed": "Wat de inlogdienst over u zegt, is niet te vertrouwen. Vertel het uw "
    "beheerder.",
    "desk_openid_no-address": "De inlogdienst noemt geen gecontroleerd e-mailadres van u. Vertel het uw "
    "beheerder.",
    "desk_openid_not-invited": "Het inloggen is gelukt, maar dit adres is niet uitgenodigd voor de werkplek. "
    "Vraag uw beheerder om een uitnodiging.",
}
