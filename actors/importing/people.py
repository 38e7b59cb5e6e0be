"""What tables of people are read into: two on one address, one in three associations, some without e-mail."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import erasure
from actors import actions
from actors.choices import State
from actors.forms.desk import ContactImportForm
from actors.importing.organisations import (
    ADD,
    EMAIL,
    MOST_CANDIDATES,
    PHONE,
    PLACE,
    There,
    in_order,
    place_of,
    short,
)
from actors.models import Actor, Contact
from tabular import cells
from tabular.targets import JOIN, LINE, Candidate, Field, Outcome, Plan, Session, Target, Values
from territory.gazetteer import Gazetteer
from typography.folding import fold

SCALARS = ("name", "function", "email", "phone", "language")


class ContactSession(Session):
    """One file of people. Addresses and names are loaded once; the people themselves by batch."""

    def __init__(self, options: Mapping[str, Any]):
        self.options = options
        self.book = Gazetteer.load()
        self.organisations: dict[str, list[tuple[int, str]]] = {}
        actors = Actor.objects.exclude(state=State.MERGED).values_list("pk", "name", "sort_name")
        for pk, name, folded in actors.iterator():
            self.organisations.setdefault(folded, []).append((pk, name))
        self.actor_names = {pk: name for found in self.organisations.values() for pk, name in found}
        self.emails: dict[str, str] = {}
        self.people: dict[str, list[str]] = {}
        self.erased = erasure.asked()
        live = Contact.objects.filter(merged_into=None, erased_at=None)
        contacts = live.values_list("pk", "name", "email")
        for pk, name, email in contacts.iterator():
            self._note(str(pk), name, email)
        self.lines: dict[tuple[str, ...], tuple[str, int]] = {}
        self.loaded: dict[str, There] = {}
        self.virtual: dict[str, There] = {}
        self.planned: dict[str, dict[str, Any]] = {}
        """What the lines above change of people who are there, until it is written: field → value by key."""

    def _note(self, key: str, name: str, email: str) -> None:
        if email:
            self.emails[email] = key
        self.people.setdefault(fold(name), []).append(key)

    def remember(self, values: Values, *, line: int, pk: str) -> None:
        self.lines.setdefault(self.identity(values), (pk, line))

    def warm(self, pks: Iterable[str]) -> None:
        people = self._people(pk for pk in pks if pk.isdigit())
        self.loaded = {str(one.pk): self._there(one) for one in people}

    def _people(self, pks: Iterable[str]):
        return Contact.objects.filter(pk__in=list(pks)).prefetch_related("actors", "consents")

    def _there(self, contact: Contact) -> There:
        if contact.merged_into_id:
            return self._there(self._people([str(contact.merged_into_id)])[0])
        facts = {name: getattr(contact, name) for name in SCALARS}
        consents = list(contact.consents.all())
        agreed = [one for one in consents if one.withdrawn_at is None]
        facts |= {
            "municipality": contact.municipality_id,
            "actors": sorted(one.pk for one in contact.actors.all()),
            "consent": any(one.text_version == self.options["consent_text"] for one in agreed),
            "refused": bool(contact.opted_out_at) or len(agreed) < len(consents),
        }
        key = str(contact.pk)
        return There(key, contact.name, facts | self.planned.get(key, {}))

    def _get(self, key: str) -> There | None:
        if key in self.virtual:
            return self.virtual[key]
        if key not in self.loaded:
            found = self._people([key]).first() if key.isdigit() else None
            if found is None:
                return None
            self.loaded[key] = self._there(found)
        return self.loaded[key]

    def check(self, values: Values) -> list[str]:
        remarks = place_of(self.book, values, keep_strangers=True)
        values.pop("locality", None)
        if name := values.pop("actor", ""):
            found = self.organisations.get(fold(name)[:200], [])
            if len(found) == 1:
                values["actors"] = [found[0][0]]
            else:
                values["organisation"] = name
                told = _("plusieurs acteurs s’appellent") if found else _("aucun acteur ne s’appelle")
                remarks.append(_("%(told)s « %(name)s » : gardée sans lui") % {"told": told, "name": name})
        said = values.pop("consent", None)
        if self.options["consent"] == "file" or (self.options["consent"] == "column" and said):
            values["consent"] = True
        return remarks

    def identity(self, values: Values) -> tuple[str, ...]:
        if values.get("reference"):
            return ("reference", values["reference"])
        reach = values.get("email") or "".join(c for c in values.get("phone", "") if c.isdigit())
        stands = values.get("actors", [""])[0] or fold(values.get("organisation", ""))
        return ("person", fold(values["name"]), reach or str(stands))

    def plan(self, values: Values, *, line: int, known: str = "", choice: str = "") -> Plan:
        identity = self.identity(values)
        if choice == ADD:
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
        self.lines.setdefault(identity, (there.pk, line))
        owner = self.emails.get(values.get("email", ""), there.pk)
        reasons = []
        if owner != there.pk:
            values = {name: value for name, value in values.items() if name != "email"}
            reasons.append(_("l’adresse e-mail est celle d’une autre personne : elle reste à elle"))
        return self._changed(values, there, reasons)

    def _again(self, values: Values, key: str, line: int) -> Plan:
        """One person on several lines: the first line says who they are, each adds an organisation."""
        there = self._get(key)
        told = [_("même personne qu’à la ligne %s") % line]
        if there is None:
            return Plan(Outcome.SAME, values["name"], key, reasons=told)
        adds = {name: value for name, value in values.items() if name in ("actors", "consent")}
        return self._changed(adds, there, told)

    def _changed(self, values: Values, there: There, reasons: list[str]) -> Plan:
        changes = []
        for name, value in in_order(values, FIELDS):
            before = there.facts.get(name)
            if name == "consent" and there.facts.get("refused"):
                reasons.append(
                    _("s’est désinscrite ou a retiré son accord : le consentement n’est pas réécrit")
                )
                continue
            if name == "actors":
                value = sorted({*(before or []), *value})
            if name != "reference" and before != value:
                changes.append([str(FIELDS[name].label), self._said(name, before), self._said(name, value)])
                there.facts[name] = value
                self.planned.setdefault(there.pk, {})[name] = value
        outcome = Outcome.CHANGE if changes else Outcome.SAME
        return Plan(outcome, there.label, there.pk, changes, reasons)

    def _match(self, values: Values) -> tuple[str, list[Candidate]]:
        name, email = fold(values["name"]), values.get("email", "")
        found: dict[str, str] = {}
        if email and (key := self.emails.get(email)):
            there = self._get(key)
            if there is not None and fold(there.label) == name:
                return key, []
            found[key] = _("même adresse e-mail")
        for key in self.people.get(name, [])[:20]:
            if (there := self._get(key)) is None or key in found:
                continue
            if email and there.facts.get("email"):
                continue  # one name, two addresses: two people, or one who has two, which nobody can tell
            if values.get("phone") and there.facts.get("phone") == values["phone"]:
                return (
                    ("", [self._candidate(key, _("même nom, même téléphone"))]) if LINE in key else (key, [])
                )
            place = values.get("municipality")
            if {*values.get("actors", [])} & {*there.facts.get("actors", [])}:
                found[key] = _("même nom, même organisation")
            elif place and there.facts.get("municipality") == place:
                found[key] = _("même nom dans la même commune")
        return "", [self._candidate(key, why) for key, why in list(found.items())[:MOST_CANDIDATES]]

    def _candidate(self, key: str, why: str) -> Candidate:
        there = self._get(key)
        told = _("%s, plus haut dans ce fichier") % why if LINE in key else why
        return Candidate(key, there.label if there else "", told)

    def _create(self, values: Values, line: int) -> Plan:
        if values.get("email") not in self.emails and self.erased(values.get("email", "")):
            told = _(
                "a demandé l’effacement de ses données\u00a0: ajoutez-la à la main si elle revient d’elle-même"
            )
            return Plan(Outcome.REFUSED, values["name"], reasons=[told])
        reasons = []
        if values.get("email") in self.emails:
            values = {name: value for name, value in values.items() if name != "email"}
            reasons.append(_("ajoutée sans adresse e-mail : elle est celle d’une autre personne"))
        key = f"{LINE}{line}"
        self.lines.setdefault(self.identity(values), (key, line))
        self.virtual[key] = There(key, values["name"], dict(values))
        self._note(key, values["name"], values.get("email", ""))
        changes = [
            [str(FIELDS[name].label), "", self._said(name, value)]
            for name, value in in_order(values, FIELDS)
            if name != "name"
        ]
        return Plan(Outcome.CREATE, values["name"], changes=changes, reasons=reasons)

    def _said(self, name: str, value: Any) -> str:
        if value in (None, "", [], False):
            return ""
        if name == "municipality":
            return self.book.names.get(value, "")
        if name == "actors":
            return ", ".join(self.actor_names.get(pk, str(pk)) for pk in value)
        if name == "consent":
            return str(self.options["consent_source"])
        return str(value)

    def write(self, values: Values, plan: Plan, *, line: int, by) -> str:
        new = plan.outcome == Outcome.CREATE
        contact = Contact() if new else Contact.objects.select_for_update().get(pk=plan.pk)
        written = {label for label, *_words in plan.changes}
        changed = [name for name in SCALARS if name in values and str(FIELDS[name].label) in written]
        if new:
            changed.append("name")
        for name in changed:
            setattr(contact, name, values[name])
        if "municipality" in values and str(FIELDS["municipality"].label) in written:
            contact.municipality_id = values["municipality"]
            changed.append("municipality")
        contact.clean_fields()
        actions.save_contact(contact, by=by, changed=changed)
        contact.actors.add(*values.get("actors", []))
        if values.get("consent") and str(FIELDS["consent"].label) in written:
            day = datetime.combine(self.options["consent_day"], time(12))
            actions.give_consent(
                contact,
                text_version=self.options["consent_text"],
                source=self.options["consent_source"],
                given_at=timezone.make_aware(day),
                by=by,
            )
        key = str(contact.pk)
        self.loaded.pop(key, None)
        self.planned.pop(key, None)
        if new:
            self.virtual.pop(f"{LINE}{line}", None)
            self._renote(f"{LINE}{line}", key, contact)
        return key

    def _renote(self, line: str, key: str, contact: Contact) -> None:
        for identity, (one, number) in list(self.lines.items())[-2:]:
            if one == line:
                self.lines[identity] = (key, number)
        self.people[fold(contact.name)] = [
            key if one == line else one for one in self.people[fold(contact.name)]
        ]
        if contact.email:
            self.emails[contact.email] = key


class Contacts(Target):
    """People we may write to or phone."""

    key = "contacts"
    label = gettext_lazy("personnes de contact")
    help = gettext_lazy("Une ligne par personne ; plusieurs lignes si elle parle pour plusieurs acteurs.")
    permissions = ("actors.add_contact", "actors.change_contact", "actors.add_consent")
    form = ContactImportForm
    choices = (
        (ADD, gettext_lazy("C’est une autre personne : l’ajouter (sans l’adresse e-mail si elle est prise)")),
    )
    fields = (
        Field(
            "reference",
            gettext_lazy("identifiant dans ce fichier"),
            short(100),
            ("id", "identifiant", "code"),
            apart=True,
        ),
        Field(
            "name",
            gettext_lazy("nom"),
            short(150),
            ("prénom", "nom de famille", "nom complet", "nom et prénom", "personne", "personne de contact"),
            required=True,
            gathers=JOIN,
        ),
        Field("function", gettext_lazy("fonction"), short(150), ("rôle", "titre", "mandat", "qualité")),
        EMAIL,
        PHONE,
        *PLACE,
        Field(
            "actor",
            gettext_lazy("organisation"),
            short(200),
            ("acteur", "association", "structure", "asbl", "entreprise", "société"),
        ),
        Field(
            "consent",
            gettext_lazy("consentement"),
            cells.yes,
            ("accord", "newsletter", "rgpd", "opt in", "accepte"),
        ),
    )

    def open(self, options: Mapping[str, Any]) -> ContactSession:
        return ContactSession(options)


CONTACTS = Contacts()
FIELDS = {one.name: one for one in CONTACTS.fields} | {
    "actors": Field("actors", gettext_lazy("organisations")),
    "language": Field("language", gettext_lazy("langue")),
}
