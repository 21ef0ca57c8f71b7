"""Every language says everything, in every plural it has."""

import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "service" / "widget"
SOURCE = "\n".join(
    path.read_text() for path in FOLDER.glob("*.js") if not re.match(r"(words|more)-", path.name)
)

# CLDR 46, plurals.json: the categories that whole numbers up to a million fall into.
PLURALS = {
    **{language: {"one", "other"} for language in ("nl", "en", "de", "fr", "tr")},
    **{language: {"one", "few", "many", "other"} for language in ("pl", "uk")},
    "ar": {"zero", "one", "two", "few", "many", "other"},
}


def texts(kind, language):
    text = (FOLDER / f"{kind}-{language}.js").read_text()
    body = text[text.index("{") : text.rindex("}") + 1]
    body = re.sub(r"^\s*//.*$", "", body, flags=re.MULTILINE)
    body = re.sub(r'([{,]\s*)([\w]+):(?=\s["{])', r'\1"\2":', body)
    return json.loads(re.sub(r",(\s*})", r"\1", body), object_pairs_hook=without_doubles)


def without_doubles(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))
    return dict(pairs)


def values_in(text):
    forms = text.values() if isinstance(text, dict) else [text]
    return set().union(*(re.findall(r"\{(\w+)\}", form) for form in forms))


def test_the_languages_are_those_the_element_offers():
    offered = re.search(r"LANGUAGES = \[(.*?)\]", (FOLDER / "words.js").read_text())[1]
    assert set(re.findall(r"\w+", offered)) == set(PLURALS)


@pytest.mark.parametrize("kind", ["words", "more"])
@pytest.mark.parametrize("language", PLURALS)
def test_nothing_is_missing_and_nothing_left_over(kind, language):
    english, said = texts(kind, "en"), texts(kind, language)
    assert set(said) == set(english)
    for name, text in said.items():
        assert isinstance(text, dict) == isinstance(english[name], dict), name
        # "one" may say the number in words.
        assert values_in(text) == values_in(english[name]), name
        for form in text.values() if isinstance(text, dict) else [text]:
            assert form.strip() == form != ""
            assert not re.search(r"[<>&]", form), name


@pytest.mark.parametrize("kind", ["words", "more"])
@pytest.mark.parametrize("language", PLURALS)
def test_every_plural_is_there(kind, language):
    for name, text in texts(kind, language).items():
        if isinstance(text, dict):
            assert set(text) == PLURALS[language], name


def test_every_text_is_used_and_every_text_used_is_there():
    named = {*texts("words", "en"), *texts("more", "en")}
    in_code = set(re.findall(r'["`]([a-zA-Z_-]+)["`]', SOURCE))
    in_code |= {f"state-{state}" for state in ("visible", "waiting", "hidden")}
    in_code |= {f"{kind}Next" for kind in ("offline", "failed", "gone")}
    in_code |= set(re.findall(r"(\w+):", SOURCE))
    assert named - in_code == set()
    asked = set(re.findall(r'\bt\("([\w-]+)"', SOURCE))
    assert asked - named == set()


def test_the_first_view_says_nothing_that_comes_later():
    first = "\n".join((FOLDER / f"{name}.js").read_text() for name in ("voting", "widget", "participation"))
    assert set(re.findall(r'\bt\("([\w-]+)"', first)) - set(texts("words", "en")) == set()
