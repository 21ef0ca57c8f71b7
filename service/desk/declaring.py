"""How the desk's pages are declared: the path, the methods, and the role that somebody needs."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
"""All pages of the desk; the modules beside this one declare them with `desk_page`."""

MAX_FORM_BYTES = 1024 * 1024
"""Largest form: a file of 1,000 statements takes some 200,000 bytes."""
