"""Who acts: the communes with those who speak for them, associations and enterprises with their contacts."""

from accounts import actions as accounts
from accounts import demonstration
from accounts.models import User
from actors import actions
from actors.choices import MembershipRole
from actors.models import Actor, Contact
from smartrural.demonstration.scene import Scene, address
from territory.models import Dimension, Locality, Municipality, Theme
from typography import elision
from typography.folding import fold

REFERENT = "referent."
"""How the addresses begin of those who speak for a commune and have a password."""
CITIZEN = ("citoyen@" + demonstration.DOMAIN, "Sacha Fictif", "fictif-citoyen")

FICTITIOUS = "Fiche de démonstration : cet acteur et ces personnes sont inventés."
"""The last line of each sheet: by it, an actor of the demonstration is known."""
REAL_PLACE = "La commune existe ; les personnes et les réponses montrées ici sont inventées."
CONSENT = "demonstration-1"
SHIFT = 0.006
"""Degrees: how far from its village's point an actor may stand, so that two do not lie on each other."""
SILENT = 12


def tell(scene: Scene) -> None:
    """Fill the directory: one after the other, two years ago."""
    scene.municipalities = {place.slug: place for place in Municipality.objects.of_lag()}
    scene.themes = {theme.code: theme for theme in Theme.objects.all()}
    scene.dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
    with scene.on(-720):
        actions.create_communes(by=scene.team)
    communes = {
        commune.municipality_id: commune
        for commune in Actor.objects.filter(kind="municipality", merged_into=None)
    }
    for rank, (slug, told) in enumerate(scene.words("communes").items()):
        commune = scene.actors[slug] = communes[scene.municipalities[slug].pk]
        with scene.on(-700 + rank, 9, 30):
            _speakers(scene, slug, commune, told)
    localities = {(one.municipality_id, fold(one.name)): one for one in Locality.objects.all()}
    for rank, row in enumerate(scene.table("acteurs")):
        with scene.on(-640 + 11 * rank, 14):
            scene.actors[row["cle"]] = _actor(scene, row, localities)
            scene.contacts[row["cle"]] = _contact(scene, row, scene.actors[row["cle"]])
    with scene.on(-90, 19):
        email, name, password = CITIZEN
        scene.citizen = demonstration.open_account(role="", email=email, name=name, password=password)
    with scene.on(-75, 10):
        _confirmations(scene)
    with scene.on(-2, 20):
        _proposal(scene, localities)


def _speakers(scene: Scene, slug: str, commune: Actor, told: dict) -> None:
    """Two people of a commune are invited and accept: who answers for it, and a colleague."""
    commune.summary = f"L’administration communale {elision.of(commune.name)}."
    commune.description = (
        f"La commune existe ; les personnes et les réponses montrées ici sont inventées.\n\n{FICTITIOUS}"
    )
    commune.email = address(f"commune {slug}")
    actions.save(commune, by=scene.team, changed=["summary", "description", "email"])
    pairs = (
        (told["referent"], told["fonction"], MembershipRole.REFERENT, scene.referents),
        (told["collegue"], told["service"], MembershipRole.EDITOR, scene.colleagues),
    )
    for name, function, role, known in pairs:
        if role == MembershipRole.REFERENT and told.get("acces"):
            email = f"{REFERENT}{slug}@{demonstration.DOMAIN}"
            user = demonstration.open_account(role="", email=email, name=name, password=f"fictif-{slug}")
        else:
            user = accounts.invite_user(User(email=address(name), name=name), by=scene.team)
        membership = actions.invite_member(commune, email=user.email, role=role, by=scene.team)
        actions.accept(membership, by=user)
        known[slug] = user
        contact = actions.add_contact(
            name=name,
            email=user.email,
            function=function,
            municipality=commune.municipality,
            actors=[commune],
            by=scene.team,
        )
        actions.give_consent(
            contact, text_version=CONSENT, source="Rencontre fictive à la maison communale", by=scene.team
        )
        if role == MembershipRole.REFERENT:
            scene.contacts[slug] = contact


def _actor(scene: Scene, row: dict[str, str], localities: dict) -> Actor:
    place = scene.municipalities.get(row["commune"])
    village = localities[place.pk, fold(row["village"])] if place and row["village"] else None
    actor = Actor(
        kind=row["type"],
        name=row["nom"],
        slug=actions.free_slug(fold(row["nom"]).replace(" ", "-")),
        legal_form=row["forme"],
        municipality=place,
        locality=village,
        summary=row["phrase"],
        description=f"{row['description']}\n\n{FICTITIOUS}",
        email=address(row["nom"]),
        lag_contact=scene.team,
    )
    if village and village.lon is not None:
        actor.lon = round(village.lon + scene.chance.uniform(-SHIFT, SHIFT), 5)
        actor.lat = round(village.lat + scene.chance.uniform(-SHIFT, SHIFT) / 2, 5)
    actor.full_clean(validate_unique=False, validate_constraints=False)
    actions.save(actor, by=scene.team)
    actor.themes.set(scene.themes[code] for code in _codes(row["themes"]))
    actor.dimensions.set(scene.dimensions[code] for code in _codes(row["dimensions"]))
    actor.municipalities_served.set(scene.municipalities[slug] for slug in _codes(row["desservies"]))
    actions.publish(actor, by=scene.team)
    return actor


def _contact(scene: Scene, row: dict[str, str], actor: Actor) -> Contact:
    contact = actions.add_contact(
        name=row["contact"],
        email=address(row["contact"]),
        function=row["fonction"],
        municipality=actor.municipality,
        actors=[actor],
        by=scene.team,
    )
    actions.give_consent(contact, text_version=CONSENT, source="Fiche papier fictive", by=scene.team)
    return contact


def _codes(cell: str) -> list[str]:
    return [code for code in cell.split("|") if code]


def _proposal(scene: Scene, localities: dict) -> None:
    """Somebody proposes an actor, and another asks to speak for one: the team has something to read."""
    place = scene.municipalities["jodoigne"]
    actor = Actor(
        kind="citizen_initiative",
        name="Le Bibliobus du dimanche",
        municipality=place,
        locality=localities[place.pk, fold("Zétrud-Lumay")],
        summary="Une camionnette de livres, un village par dimanche.",
        description=f"Des lecteurs prêtent leurs livres et font la tournée.\n\n{FICTITIOUS}",
        email=address("Le Bibliobus du dimanche"),
    )
    actor.clean()
    assert scene.citizen is not None
    actions.suggest(
        actor,
        name=scene.citizen.name,
        email=scene.citizen.email,
        relation="lectrice et conductrice",
        themes=[scene.themes["culture"]],
        nonce="",
        by=scene.citizen,
    )
    actions.request_membership(
        scene.actors["boulons"],
        by=scene.citizen,
        statement="J’y répare des vélos depuis deux ans, et l’équipe m’a chargé de tenir la fiche.",
    )
    actions.report(scene.actors["boulons"], text="L’atelier ouvre à 9 h 30, plus à 10 h.")


def _confirmations(scene: Scene) -> None:
    """Sheets are said to be right; one in twelve is forgotten, and shows on the desk."""
    for rank, (key, actor) in enumerate(scene.actors.items()):
        if rank % SILENT != SILENT - 1:
            actions.confirm(actor, by=scene.referents.get(key) or scene.team)
