"""The French catalogue holds every sentence that counts, so that zero is singular."""

import polib
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext, npgettext, override

from dev import catalogues

HEAD = "from django.utils.translation import ngettext, ngettext_lazy as several, npgettext\n"


def counted(context: str, one: str, many: str) -> list[str]:
    """What is said of 0, 1 and 2."""
    if context:
        return [npgettext(context, one, many, n) for n in (0, 1, 2)]
    return [ngettext(one, many, n) for n in (0, 1, 2)]


def write(root, po: str = "", code: str = "", template: str = ""):
    """A tiny project: one room, one template."""
    for path, text in (
        (root / catalogues.FRENCH, po),
        (root / "room" / "__init__.py", HEAD + code),
        (root / "templates" / "page.html", template),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_the_committed_catalogue_lacks_nothing_and_has_nothing_too_much():
    committed = (catalogues.ROOT / catalogues.FRENCH).read_text()
    assert catalogues.extract() == committed, "run `make messages`"


def test_zero_and_one_are_singular_in_every_sentence_of_the_project():
    with override("fr"):
        assert counted("", "{n} lettre ne partira pas.", "{n} lettres ne partiront pas.") == [
            "{n} lettre ne partira pas.",
            "{n} lettre ne partira pas.",
            "{n} lettres ne partiront pas.",
        ]
        wrong = [
            message
            for message in catalogues.messages()
            if counted(*message) != [message[1], message[1], message[2]]
        ]
    assert wrong == []


def test_a_sentence_that_is_in_no_catalogue_takes_the_english_rule():
    with override("fr"):
        assert counted("", "{n} sentence of nobody", "{n} sentences of nobody") == [
            "{n} sentences of nobody",
            "{n} sentence of nobody",
            "{n} sentences of nobody",
        ]


def test_code_is_read_with_its_aliases_its_context_and_its_keywords():
    code = HEAD + (
        'ngettext("un" " an", "ans", n); several(plural="jours", singular="jour")\n'
        'npgettext("impôt", "taxe", "taxes", n); translation.ngettext("mois", "mois", n); gettext("seul")\n'
    )
    assert sorted(catalogues.in_code(code, "here.py")) == [
        ("", "jour", "jours"),
        ("", "mois", "mois"),
        ("", "un an", "ans"),
        ("impôt", "taxe", "taxes"),
    ]


def test_templates_are_read_as_django_renders_them():
    template = (
        "{% load i18n %}ngettext(u'faux', u'faux', count) {% translate \"seul\" %}"
        '{% blocktranslate count n=x %}L’"un" à 100 %{% plural %}{{ n }} l\'un{% endblocktranslate %}'
        '{% blocktranslate count n=x context "impôt" trimmed %}\n  taxe\n{% plural %}\n  taxes\n'
        "{% endblocktranslate %}{% comment %}{% blocktranslate count n=x %}a{% plural %}b"
        "{% endblocktranslate %}{% endcomment %}"
    )
    assert list(catalogues.in_template(template, "page.html")) == [
        ("", 'L’"un" à 100 %%', "%(n)s l'un"),
        ("impôt", "taxe", "taxes"),
    ]


def test_a_message_that_is_not_written_out_is_refused_with_its_place():
    with pytest.raises(catalogues.Unreadable, match=r"^here\.py:2: ngettext\(\)"):
        list(catalogues.in_code(HEAD + "ngettext(one, many, n)", "here.py"))


def test_two_plurals_of_one_singular_are_refused(tmp_path):
    write(tmp_path, code='ngettext("un", "deux", n); ngettext("un", "plusieurs", n)')
    with pytest.raises(catalogues.Unreadable, match="two plurals for 'un'"):
        catalogues.extract(tmp_path)


def test_extracting_keeps_what_is_translated_forgets_what_is_gone_and_settles(tmp_path):
    po = (
        'msgid "gone"\nmsgid_plural "gones"\nmsgstr[0] "x"\nmsgstr[1] "x"\n\n'
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "un"\nmsgstr[1] "plusieurs"\n\n'
        'msgid "Django’s word"\nmsgstr "le nôtre"\n'
    )
    template = "{% load i18n %}{% blocktranslate count n=x %}clé{% plural %}clés{% endblocktranslate %}"
    write(tmp_path, po=po, code='ngettext("one", "many", n)', template=template)
    written = catalogues.extract(tmp_path)
    assert [
        (entry.msgid, entry.msgid_plural, entry.msgstr or entry.msgstr_plural)
        for entry in polib.pofile(written)
    ] == [
        ("Django’s word", "", "le nôtre"),
        ("clé", "clés", {0: "clé", 1: "clés"}),
        ("one", "many", {0: "un", 1: "plusieurs"}),
    ]
    (tmp_path / catalogues.FRENCH).write_text(written)
    assert catalogues.extract(tmp_path) == written


def test_what_django_says_at_the_desk_and_in_forms_is_said_our_way():
    with override("fr"):
        said = [
            refused(forms.EmailField(), "nulle part"),
            refused(forms.CharField(max_length=2), "trois"),
            refused(forms.IntegerField(max_value=3), "4"),
            gettext("Add %(name)s") % {"name": "import"},
            gettext("Email"),
        ]
    assert said == [
        "Cette adresse e-mail n’est pas complète, par exemple «\u00a0nom@exemple.be\u00a0».",
        "C’est trop long\u00a0: 2 signes au plus, il y en a 5.",
        "C’est trop\u00a0: 3 au plus.",
        "Ajouter\u00a0: import",
        "Adresse e-mail",
    ]


def refused(field: forms.Field, typed: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    return refusal.value.messages[0]


def test_what_django_counts_and_we_say_our_way_stays(tmp_path):
    head = 'msgid ""\nmsgstr ""\n\n'
    po = '# Django\nmsgid "one dog"\nmsgid_plural "dogs"\nmsgstr[0] "un chien"\nmsgstr[1] "des chiens"\n\n'
    gone = 'msgid "un chat"\nmsgid_plural "des chats"\nmsgstr[0] "un chat"\nmsgstr[1] "des chats"\n'
    root = write(tmp_path, po=head + po + gone)
    assert [entry.msgid for entry in polib.pofile(catalogues.extract(root))] == ["one dog"]
