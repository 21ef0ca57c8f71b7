"""The desk's texts in English: how the organisation's pages look."""

HOUSE_ENGLISH: dict[str, str | tuple[str, str]] = {
    "desk_organisation": "Organisation",
    "desk_house_lead": "How your pages look: this desk, the page where people take part, the map and the "
    "report. Your name is on the letters too. Another website that shows the widget keeps its own look.",
    "desk_house_name": "Name of the organisation",
    "desk_house_name_help": "Such as ‘Municipality of Utrecht’. Screen readers say it instead of the logo.",
    "desk_house_accent": "Colour of buttons and links",
    "desk_house_accent_help": "Dark enough to be read on white. For dark screens it is made lighter by itself.",
    "desk_house_own_accent": "Use a colour of our own",
    "desk_house_logo": "Logo",
    "desk_house_logo_help": "PNG, JPEG or WebP, at most 200 kB and 2,000 pixels wide or high. "
    "It stands on white and on dark: a little white around it helps.",
    "desk_house_no_logo": "Remove the logo",
    "desk_house_do": "Save",
    "desk_house_done": "Saved. Pages look so from now on.",
    "desk_house_no-colour": "This is not a colour such as #0b5a8a.",
    "desk_house_too-light": "This colour is too light: white text on it, and links on white, could not be "
    "read well. Choose a darker one.",
    "desk_house_no-picture": "This file is not a picture in PNG, JPEG or WebP. An SVG can hold a program; "
    "save it as PNG.",
    "desk_house_too-large": "This logo is too large. Take one of at most 200 kB, and 2,000 pixels wide or "
    "high.",
    "desk_house_long-name": "This name is too long, or holds signs that cannot be shown. Take at most 80.",
    "desk_house_no-name": "Fill in the name too: who can not see the logo hears the name.",
}
