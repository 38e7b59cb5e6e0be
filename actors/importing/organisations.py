"""What tables of actors and of contacts are read into, and what makes two records the same."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors import actions
from actors.choices import Kind, State
from actors.forms.desk import ActorImportForm
from actors.matching import STEM, Names
from actors.models import Actor
from tabular import cells
from tabular.targets import JOIN, LINE, Candidate, Field, Outcome, Plan, Session, Target, Values
from territory import enterprise_numbers
from territory.gazetteer import Gazetteer, UnknownPlace
from territory.models import Dimension, Theme
from typography.folding import fold

ADD = "add"
MOST_CANDIDATES = 3
KINDS = {
    "commune": Kind.MUNICIPALITY,
    "administration communale": Kind.MUNICIPALITY,
    "association": Kind.ASSOCIATION,
    "asbl": Kind.ASSOCIATION,
    "initiative citoyenne": Kind.CITIZEN_INITIATIVE,
    "collectif": Kind.CITIZEN_INITIATIVE,
    "entreprise": Kind.ENTERPRISE,
    "societe": Kind.ENTERPRISE,
    "independant": Kind.ENTERPRISE,
    "organisme public": Kind.PUBLIC_BODY,
    "service public": Kind.PUBLIC_BODY,
    "public": Kind.PUBLIC_BODY,
    "enseignement et recherche": Kind.EDUCATION,
    "enseignement": Kind.EDUCATION,
    "ecole": Kind.EDUCATION,
    "universite": Kind.EDUCATION,
    "autre": Kind.OTHER,
}
"""What tables call each kind, folded."""


def read_kind(cell: str) -> str:
    """Return the kind that a cell names."""
    if cell in Kind.values:
        return cell
    if (said := fold(cell).removesuffix("s")) in KINDS:
        return KINDS[said]
    raise ValidationError(
        _("« %(text)s » n’est pas un type connu (%(known)s)")
        % {"text": cell[:40], "known": ", ".join(str(kind.label) for kind in Kind)}
    )


def read_number(cell: str) -> str:
    """Return the ten digits of an enterprise number."""
    try:
        return enterprise_numbers.normalise(cell)
    except ValidationError as error:
        raise ValidationError(" ".join(error.messages)) from None


def short(most: int) -> Callable[[str], str]:
    """Return a reader of texts of at most `most` characters."""
    return partial(cells.text, most=most)


def in_order(values: Values, fields: Mapping[str, Field]) -> list[tuple[str, Any]]:
    """Return the values of these fields in the fields' order: a database that keeps JSON reorders its keys."""
    return [(name, values[name]) for name in fields if name in values]


def reads(read: Callable[[str], Any]) -> Callable[[str], bool]:
    """Return whether a reader takes a cell: what contents look like."""

    def looks(cell: str) -> bool:
        try:
            read(cell)
        except ValidationError:
            return False
        return True

    return looks


def _address(cell: str) -> bool:
    return "@" in cell and " " not in cell.strip()


def _page(cell: str) -> bool:
    return bool(re.match(r"(https?://|www\.)\S+$", cell.strip()))


def _degrees(cell: str) -> bool:
    """A whole number is a code, a rank or a count: nobody is found to the degree."""
    return bool(re.fullmatch(r"[-−]?\d{1,3}[.,]\d{2,}", cell.strip()))


def _code(cell: str) -> bool:
    return bool(re.fullmatch(r"(B-?|BE-?)?\d{4,5}", cell.strip()))


PLACE = (
    Field(
        "municipality",
        gettext_lazy("commune ou village"),
        short(100),
        ("commune", "localité", "ville", "adresse commune", "village", "city", "nom commune"),
    ),
    Field("postal_code", gettext_lazy("code postal"), short(20), ("cp", "postal", "zip"), looks=_code),
)
EMAIL = Field(
    "email",
    gettext_lazy("adresse e-mail"),
    cells.email,
    ("courriel", "mail", "email", "e-mail", "contact email", "mail struc", "adresse mail"),
    looks=_address,
)
PHONE = Field(
    "phone",
    gettext_lazy("téléphone"),
    cells.phone,
    ("téléphone", "tél", "tel", "gsm", "contact telephone", "num tel", "numéro de téléphone"),
    looks=reads(cells.phone),
)


def place_of(book: Gazetteer, values: Values, *, keep_strangers: bool) -> list[str]:
    """Replace the place's words by the keys of its municipality and village; remark what is left out."""
    name, code = values.pop("municipality", ""), values.pop("postal_code", "")
    try:
        place = book.find(name, code)
    except UnknownPlace as error:
        if not keep_strangers:
            raise
        values["town"] = f"{code} {name}".strip()
        return [_("%s : gardée sans commune") % " ".join(error.messages)]
    if place is not None:
        values["municipality"] = place.municipality
        if place.locality:
            values["locality"] = place.locality
    return []


@dataclass
class There:
    """What is known of something that is there, or that an earlier line would make: value and words by field."""

    pk: str
    label: str
    facts: dict[str, Any]


class ActorSession(Session):
    """One file of actors. What is there is loaded once: names, numbers, addresses; sheets by batch."""

    def __init__(self, options: Mapping[str, Any]):
        self.options = options
        self.book = Gazetteer.load()
        self.themes = {fold(name): pk for pk, name in Theme.objects.values_list("pk", "name")}
        self.dimensions = {fold(name): pk for pk, name in Dimension.objects.values_list("pk", "name")}
        self.words = {
            **{("themes", pk): name for pk, name in Theme.objects.values_list("pk", "name")},
            **{("dimensions", pk): name for pk, name in Dimension.objects.values_list("pk", "name")},
        }
        self.numbers: dict[str, str] = {}
        self.emails: dict[str, list[str]] = {}
        self.communes: dict[int, str] = {}
        self.names = Names()
        self.labels: dict[str, str] = {}
        self.lines: dict[tuple[str, ...], tuple[str, int, Values]] = {}
        self.loaded: dict[str, There] = {}
        self.virtual: dict[str, There] = {}
        rows = Actor.objects.exclude(state=State.MERGED).values_list(
            "pk", "name", "kind", "municipality", "enterprise_number", "email"
        )
        for pk, name, kind, place, number, email in rows.iterator():
            self._note(str(pk), name, kind, place, number, email)

    def _note(self, key: str, name: str, kind: str, place: int | None, number: str, email: str) -> None:
        self.labels[key] = name
        self.names.add(key, name, place)
        if number:
            self.numbers.setdefault(number, key)
        if email:
            self.emails.setdefault(email.lower(), []).append(key)
        if kind == Kind.MUNICIPALITY and place:
            self.communes.setdefault(place, key)

    def remember(self, values: Values, *, line: int, pk: str) -> None:
        self.lines.setdefault(self.identity(values), (pk, line, values))

    def warm(self, pks: Iterable[str]) -> None:
        wanted = [pk for pk in pks if pk.isdigit()]
        actors = Actor.objects.filter(pk__in=wanted).select_related("merged_into")
        self.loaded = {str(one.pk): self._there(one) for one in actors.prefetch_related(*LISTS)}
        for one in actors:
            if one.merged_into:  # what became a sheet since merged is the sheet that took it in
                self.loaded[str(one.pk)] = self._there(one.merged_into)

    def _there(self, actor: Actor) -> There:
        facts = {name: getattr(actor, name) for name in SCALARS}
        facts |= {"municipality": actor.municipality_id, "locality": actor.locality_id}
        facts |= {name: sorted(one.pk for one in getattr(actor, name).all()) for name in LISTS}
        return There(str(actor.pk), actor.name, facts)

    def _get(self, key: str) -> There | None:
        if key in self.virtual:
            return self.virtual[key]
        if key not in self.loaded:
            found = Actor.objects.filter(pk=key).select_related("merged_into").first()
            if found is None:
                return None
            self.loaded[key] = self._there(found.merged_into or found)
        return self.loaded[key]

    def check(self, values: Values) -> list[str]:
        remarks = place_of(self.book, values, keep_strangers=self.options["strangers"] == "keep")
        if ("lon" in values) != ("lat" in values):
            del values["lon" if "lon" in values else "lat"]
            remarks.append(_("longitude et latitude vont ensemble : position laissée de côté"))
        for name, known in (("themes", self.themes), ("dimensions", self.dimensions)):
            if name in values:
                said = [part for part in re.split(r"[,;|/]", values[name]) if part.strip()]
                strange = [part.strip() for part in said if fold(part) not in known]
                if strange:
                    raise ValidationError(
                        _("%(words)s : inconnu dans la liste des %(list)s")
                        % {
                            "words": ", ".join(strange)[:120],
                            "list": FIELDS[name].label,
                        }
                    )
                values[name] = sorted({known[fold(part)] for part in said})
        kind = values.get("kind", self.options["kind"])
        if kind == Kind.MUNICIPALITY and not values.get("municipality"):
            raise ValidationError(_("une commune indique de quelle commune il s’agit"))
        return remarks

    def identity(self, values: Values) -> tuple[str, ...]:
        if values.get("reference"):
            return ("reference", values["reference"])
        place = values.get("municipality") or fold(values.get("town", ""))
        return ("name", fold(values["name"]), str(place), fold(values.get("street", "")))

    def plan(self, values: Values, *, line: int, known: str = "", choice: str = "") -> Plan:
        number, identity = values.get("enterprise_number", ""), self.identity(values)
        if choice == ADD:
            if number in self.numbers:
                return self._taken(values["name"], number)
            return self._create(values, line)
        if not choice and identity in self.lines and self.lines[identity][1] < line:
            return self._again(values, *self.lines[identity])
        there = self._get(choice or known) if choice or known else None
        if there is None:
            key, candidates = self._match(values)
            if candidates:
                return Plan(Outcome.DUPLICATE, values["name"], candidates=candidates)
            there = self._get(key) if key else None
        if there is None:
            return self._create(values, line)
        self.lines.setdefault(identity, (there.pk, line, values))
        if self.numbers.get(number, there.pk) != there.pk:
            return self._taken(there.label, number, there.pk)
        changes, reasons = self._changes(values, there), []
        if fold(there.label) != fold(values["name"]):
            reasons.append(_("dans le fichier : « %s » ; la fiche garde son nom") % values["name"])
        return Plan(Outcome.CHANGE if changes else Outcome.SAME, there.label, there.pk, changes, reasons)

    def _taken(self, label: str, number: str, pk: str = "") -> Plan:
        told = _("ce numéro d’entreprise est celui de « %s »") % self.labels[self.numbers[number]]
        return Plan(Outcome.REFUSED, label, pk, reasons=[told])

    def _again(self, values: Values, key: str, line: int, said: Values) -> Plan:
        """An earlier line was the same: if it says the same there is nothing to do, else somebody decides."""
        told = _("déjà à la ligne %s") % line
        if all(said.get(name) == value for name, value in values.items()):
            return Plan(Outcome.SAME, values["name"], key, reasons=[told])
        return Plan(Outcome.DUPLICATE, values["name"], candidates=[Candidate(key, self.labels[key], told)])

    def _match(self, values: Values) -> tuple[str, list[Candidate]]:
        """Return the one that is certainly the same ("" for none), or those that may be."""
        name, place = values["name"], values.get("municipality")
        kind = values.get("kind", self.options["kind"])
        if kind == Kind.MUNICIPALITY and place in self.communes:
            return self.communes[place], []
        found: dict[str, str] = {}
        number = values.get("enterprise_number", "")
        if number and (key := self.numbers.get(number)):
            if fold(self.labels[key]) == fold(name):
                return key, []
            found[key] = _("même numéro d’entreprise")
        for key in self.emails.get(values.get("email", ""), []):
            found.setdefault(key, _("même adresse e-mail"))
        if place:
            for key in self.names.close_to(name, place):
                found.setdefault(key, _("nom proche dans la même commune"))
        found = {key: why for key, why in found.items() if not (number and self._other_number(key, number))}
        if len(found) == 1 and place:
            (key,) = found
            if (
                not key.startswith(LINE)
                and fold(self.labels[key]) == fold(name)
                and self._in_place(key, place)
            ):
                return key, []
        return "", [
            Candidate(key, self.labels[key], _("%s, plus haut dans ce fichier") % why if LINE in key else why)
            for key, why in list(found.items())[:MOST_CANDIDATES]
        ]

    def _other_number(self, key: str, number: str) -> bool:
        """Two organisations with different enterprise numbers are two, however close their names."""
        there = self._get(key)
        theirs = there.facts.get("enterprise_number", "") if there else ""
        return bool(theirs) and theirs != number

    def _in_place(self, key: str, place: int | None) -> bool:
        there = self._get(key)
        return there is not None and there.facts.get("municipality") == place

    def _create(self, values: Values, line: int) -> Plan:
        key = f"{LINE}{line}"
        self.lines.setdefault(self.identity(values), (key, line, values))
        self.virtual[key] = There(key, values["name"], dict(values))
        self._note(
            key,
            values["name"],
            values.get("kind", self.options["kind"]),
            values.get("municipality"),
            values.get("enterprise_number", ""),
            values.get("email", ""),
        )
        changes = [
            [str(FIELDS[name].label), "", self._said(name, value)]
            for name, value in in_order(values, FIELDS)
            if name != "name"
        ]
        return Plan(Outcome.CREATE, values["name"], changes=changes)

    def _changes(self, values: Values, there: There) -> list[list[str]]:
        """Return what differs: an empty cell empties nothing, lists only grow, a name typed with care stays."""
        found = []
        for name, value in in_order(values, FIELDS):
            if name in ("reference", "name"):
                continue
            before = there.facts.get(name)
            if name in LISTS:
                value = sorted({*(before or []), *value})
            if before != value:
                found.append([str(FIELDS[name].label), self._said(name, before), self._said(name, value)])
        return found

    def _said(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if name == "kind":
            return str(Kind(value).label)
        if name == "municipality":
            return self.book.names.get(value, "")
        if name == "locality":
            return self.book.localities[value].locality_name if value in self.book.localities else ""
        if name == "enterprise_number":
            return enterprise_numbers.shown(value)
        if name in LISTS:
            return ", ".join(self.words[name, pk] for pk in value)
        return str(value).replace(".", ",") if isinstance(value, float) else str(value)

    def write(self, values: Values, plan: Plan, *, line: int, by) -> str:
        if plan.outcome == Outcome.CREATE:
            actor = Actor(name=values["name"], kind=self.options["kind"], state=State.DRAFT)
            actor.slug = actions.free_slug(slugify(values["name"])[:200] or "acteur")
        else:
            actor = Actor.objects.select_for_update().get(pk=plan.pk)
        written = {label for label, *_words in plan.changes}
        changed = [name for name in values if name in COLUMNS and str(FIELDS[name].label) in written]
        for name in changed:
            setattr(actor, f"{name}_id" if name in ("municipality", "locality") else name, values[name])
        if (
            actor.locality_id
            and self.book.localities[actor.locality_id].municipality != actor.municipality_id
        ):
            actor.locality = None
        actor.clean_fields(exclude=["slug"])
        actions.save(actor, by=by, changed=[*changed, *(name for name in LISTS if name in values)])
        for name in LISTS:
            if name in values:
                getattr(actor, name).add(*values[name])
        if plan.outcome == Outcome.CREATE:
            move = {State.PENDING: actions.propose, State.PUBLISHED: actions.publish}.get(
                self.options["state"]
            )
            if move:
                move(actor, by=by)
            key = str(actor.pk)
            self._renote(f"{LINE}{line}", key, actor, values)
        self.loaded.pop(str(actor.pk), None)
        return str(actor.pk)

    def _renote(self, line: str, key: str, actor: Actor, values: Values) -> None:
        """What a line was to become exists now: later lines find it under its own key."""
        self.virtual.pop(line, None)
        self.labels[key] = actor.name
        if (seen := self.lines.get(self.identity(values))) and seen[0] == line:
            self.lines[self.identity(values)] = (key, *seen[1:])
        place = actor.municipality_id
        for word_keys in (
            self.names.words.get((place, word[:STEM]), []) for word in fold(actor.name).split()
        ):
            if line in word_keys:
                word_keys[word_keys.index(line)] = key
        self.names.names[key] = actor.name
        if actor.enterprise_number:
            self.numbers[actor.enterprise_number] = key
        if actor.email:
            mine = self.emails.setdefault(actor.email, [])
            mine[:] = [key if one == line else one for one in mine]
        if actor.kind == Kind.MUNICIPALITY and place:
            self.communes[place] = key


COLUMNS = (
    *("kind", "legal_form", "enterprise_number", "street", "lon", "lat", "municipality", "locality"),
    *("summary", "description", "email", "phone", "website"),
)
LISTS = ("themes", "dimensions")
SCALARS = (
    *("name", "kind", "legal_form", "enterprise_number", "street", "lon", "lat"),
    *("summary", "description", "email", "phone", "website"),
)


class Actors(Target):
    """Organisations: associations, enterprises, public bodies."""

    key = "actors"
    label = gettext_lazy("acteurs")
    help = gettext_lazy("Associations, entreprises, organismes : une ligne par acteur.")
    permissions = ("actors.add_actor", "actors.change_actor")
    form = ActorImportForm
    choices = ((ADD, gettext_lazy("C’est un autre : l’ajouter")),)
    fields = (
        Field(
            "reference",
            gettext_lazy("identifiant dans ce fichier"),
            short(100),
            ("id", "identifiant", "id lieumed", "code", "référence"),
            apart=True,
        ),
        Field(
            "name",
            gettext_lazy("nom"),
            short(200),
            ("nom structure", "nom fr", "dénomination", "organisation", "association", "raison sociale"),
            required=True,
        ),
        Field("kind", gettext_lazy("type"), read_kind, ("type d’acteur", "famille"), looks=reads(read_kind)),
        Field(
            "legal_form", gettext_lazy("forme juridique"), short(60), ("statut juridique", "nature juridique")
        ),
        Field(
            "enterprise_number",
            gettext_lazy("numéro d’entreprise"),
            read_number,
            ("bce", "kbo", "tva", "numéro bce", "n° entreprise", "numero tva", "vat"),
            looks=reads(read_number),
        ),
        Field(
            "street",
            gettext_lazy("rue et numéro"),
            short(150),
            ("adresse", "rue", "n°", "numéro", "adresse numero", "adresse rue", "street"),
            gathers=JOIN,
        ),
        *PLACE,
        Field(
            "lat",
            gettext_lazy("latitude"),
            lambda cell: cells.degrees(cell, 90),
            ("lat",),
            looks=_degrees,
        ),
        Field(
            "lon",
            gettext_lazy("longitude"),
            lambda cell: cells.degrees(cell, 180),
            ("lon", "lng", "long"),
            looks=_degrees,
        ),
        EMAIL,
        PHONE,
        Field(
            "website",
            gettext_lazy("site web"),
            cells.web,
            ("site", "web", "url", "contact web", "site internet"),
            looks=_page,
        ),
        Field("summary", gettext_lazy("en une phrase"), short(250), ("objet", "résumé", "activité")),
        Field("description", gettext_lazy("description"), cells.paragraphs, ("présentation",)),
        Field("themes", gettext_lazy("thèmes"), cells.text, ("thème", "thématique")),
        Field("dimensions", gettext_lazy("dimensions"), cells.text, ("dimension",)),
    )

    def open(self, options: Mapping[str, Any]) -> ActorSession:
        return ActorSession(options)


ACTORS = Actors()
FIELDS = {one.name: one for one in ACTORS.fields} | {
    "locality": Field("locality", gettext_lazy("village")),
}
