"""The texts of the guide to embedding and of its check, in English."""

EMBEDDING_ENGLISH: dict[str, str | tuple[str, str]] = {
    "embed_title": "Put the conversation on your website",
    "embed_lead": (
        "Copy one of these ways. None needs an account, and none sets a cookie or calls anybody else."
    ),
    "embed_which": "Id of the conversation",
    "embed_which_hint": "It is in the address of the conversation, and on the page “Share” of the desk.",
    "embed_fill": "Fill it in below",
    "embed_unknown": "There is no conversation with this id.",
    "embed_question": "Have your say",
    "embed_copy": "Copy",
    "embed_copied": "Copied",
    "embed_element": "As part of your page (best)",
    "embed_element_lead": (
        "It takes your fonts and colours, and grows with what it shows. "
        "The link inside is for visitors without JavaScript."
    ),
    "embed_policy": "Does your site send a Content-Security-Policy? Then add this to it:",
    "embed_frame": "In a frame",
    "embed_frame_lead": (
        "For systems that allow no script. The last line is for the height only; you may leave it out."
    ),
    "embed_sites": "Only sites that the conversation names may show it in a frame.",
    "embed_sites_now": "Now these may:",
    "embed_sites_none": "Now no site may. Add yours at the desk, under “Settings”.",
    "embed_frame_policy": "With a Content-Security-Policy, add this:",
    "embed_frame_policy_label": "Content-Security-Policy for a frame",
    "embed_paste": "By pasting the address",
    "embed_paste_lead": "WordPress, Drupal, Discourse and others make a frame of this address by themselves:",
    "embed_wordpress": "In WordPress an administrator allows that first, with one line of PHP:",
    "embed_link": "With a link",
    "embed_link_lead": "It works everywhere, without JavaScript too. Use it in newsletters and as a QR code.",
    "embed_identity": "For visitors who are signed in with you",
    "embed_identity_lead": "Your server signs who the visitor is, and the page hands that over:",
    "embed_look": "In your house style",
    "embed_look_lead": (
        "Colours, fonts and corners follow your NL Design System tokens, or a few CSS properties. See"
    ),
    "embed_check_lead": "If it doesn't show, or if you want to be sure: this page says what is in the way.",
    "check_title": "Check an embedding",
    "check_lead": "Your browser tries what a visitor's browser would do, and says in words what is wrong.",
    "check_site": "Address of your page",
    "check_site_hint": "Such as https://www.example.org/have-your-say. It is not fetched.",
    "check_no_address": "Write the whole address, with https://.",
    "check_policy": "Content-Security-Policy of your page",
    "check_policy_hint": "If it has one: copy it from the page's headers.",
    "check_start": "Check",
    "check_found": "What was found",
    "check_running": "Checking…",
    "check_no_script": "This check needs JavaScript.",
    "check_there": "On the page itself",
    "check_there_lead": "Open your page with this behind its address. What was found is shown above the page:",
    "check_there_nothing": (
        "Do you see nothing? Then the script itself is missing or blocked. "
        "Look in the browser's console for “Content Security Policy”."
    ),
}
