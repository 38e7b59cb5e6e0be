"""A territory's folder, read whole and checked before anything is written.

The folder tells everything that the code does not know: which LAG, which municipalities, which figures, from
where. `territoire.toml` names the files; `indicateurs.csv` declares the indicators; `lectures.csv` says in
which file and column each of them is read. `data/README.md` describes the columns.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import gettext as _

from territory.choices import Aggregation, AreaKind, DenominatorBasis, IndicatorGroup, Level
from territory.tables import FolderError, Row, boundaries, refuse_duplicates, table

MANIFEST = "territoire.toml"
LAG_KEYS = {
    "nom": "name",
    "nom_court": "short_name",
    "programme": "programme",
    "forme_juridique": "legal_form",
    "rue": "seat_street",
    "code_postal": "seat_postal_code",
    "localite": "seat_locality",
    "numero_entreprise": "enterprise_number",
    "rpm": "legal_court",
    "courriel": "email",
    "telephone": "phone",
    "site_web": "website",
    "financeurs": "funders",
    "mentions_legales": "legal_notice",
    "vie_privee": "privacy_notice",
    "accessibilite": "accessibility_statement",
    "plaintes": "complaint_contacts",
}
REQUIRED_LAG_KEYS = ("nom", "nom_court", "programme", "communes")
AGGREGATIONS = {"somme": Aggregation.SUM, "rapport": Aggregation.RATIO, "aucune": Aggregation.NONE}
BASES = {
    "": DenominatorBasis.OFFSET,
    "annee_fixe": DenominatorBasis.FIXED,
    "sans_date": DenominatorBasis.UNDATED,
}
MUNICIPALITY_COLUMNS = (
    *(
        "nis",
        "nom_fr",
        "arrondissement_nis",
        "arrondissement_fr",
        "province_nis",
        "province_fr",
        "region_nis",
    ),
    *("region_fr", "codes_postaux", "anciens_nis", "superficie_km2", "lon", "lat"),
)
INDICATOR_COLUMNS = (
    *("code", "nom", "nom_court", "unite", "decimales", "moment", "groupe", "agregation", "numerateur"),
    *("denominateur", "facteur", "annees_moyennees", "denominateur_lu", "decalage", "annee_fixe"),
    *("mise_en_garde", "indisponible"),
)
READING_COLUMNS = ("indicateur", "fichier", "annee", "valeur", "filtre", "source", "remarque")

ValueKey = tuple[str, str, int | None]
"""Indicator code, municipality code, year (None when the source gives no date)."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as read: what it is, which source gave it, in which file."""

    value: Decimal
    source: str
    note: str
    file: str


@dataclass(slots=True)
class Content:
    """What a folder holds, as plain values: field names are the models', references are codes."""

    lag: dict[str, str] = field(default_factory=dict)
    lag_area: str = ""
    neighbours: list[str] = field(default_factory=list)
    municipalities: dict[str, dict] = field(default_factory=dict)
    boundaries: dict[str, dict] = field(default_factory=dict)
    localities: dict[tuple[str, str, str], dict] = field(default_factory=dict)
    areas: dict[str, dict] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    themes: dict[str, dict] = field(default_factory=dict)
    dimensions: dict[str, dict] = field(default_factory=dict)
    pillars: dict[str, dict] = field(default_factory=dict)
    goals: dict[str, dict] = field(default_factory=dict)
    sources: dict[str, dict] = field(default_factory=dict)
    indicators: dict[str, dict] = field(default_factory=dict)
    values: dict[ValueKey, Value] = field(default_factory=dict)


def read(folder: Path, lag: str = "") -> Content:
    """Read the folder for one LAG (by its code; may be left out when the manifest has only one).

    Raises FolderError at the first fault.
    """
    manifest = _manifest(folder)
    files = _section(manifest, "fichiers")
    code, about = _lag(manifest, lag)
    statistics = manifest.get("statistiques", {})
    content = Content()
    content.lag = {model: about[key] for key, model in LAG_KEYS.items() if key in about}
    content.lag |= {"slug": code, "statistics_credit": statistics.get("credit", "")}
    content.lag_area, content.neighbours = code, about.get("voisines", [])

    known = _read_places(folder, files, about, statistics, content)
    _read_lists(folder, files, content)
    _read_indicators(folder, files, content)
    _read_values(folder, files, known, content)
    return content


# The manifest --------------------------------------------------------------------------------------------


def _manifest(folder: Path) -> dict:
    try:
        with (folder / MANIFEST).open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise FolderError(_("ce fichier manque dans %s") % folder, MANIFEST) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FolderError(_("TOML illisible (%s)") % error, MANIFEST) from None


def _section(manifest: dict, name: str) -> dict:
    section = manifest.get(name)
    if not isinstance(section, dict) or not section:
        raise FolderError(_("la section [%s] manque") % name, MANIFEST)
    return section


def _file(files: dict, name: str) -> str:
    if not isinstance(files.get(name), str):
        raise FolderError(_("[fichiers] ne nomme pas « %s »") % name, MANIFEST)
    return files[name]


def _lag(manifest: dict, wanted: str) -> tuple[str, dict]:
    lags = _section(manifest, "gal")
    codes = ", ".join(lags)
    if wanted and wanted not in lags:
        raise FolderError(
            _("le GAL « %(wanted)s » est inconnu ; connus : %(codes)s") % {"wanted": wanted, "codes": codes},
            MANIFEST,
        )
    if not wanted and len(lags) > 1:
        raise FolderError(_("plusieurs GAL (%s) : choisissez avec --lag") % codes, MANIFEST)
    code = wanted or next(iter(lags))
    about = lags[code]
    if code != slugify(code):
        raise FolderError(_("[gal.%s] : un code s’écrit en minuscules, chiffres et tirets") % code, MANIFEST)
    for key in REQUIRED_LAG_KEYS:
        if not about.get(key):
            raise FolderError(_("[gal.%(code)s] : « %(key)s » manque") % {"code": code, "key": key}, MANIFEST)
    unknown = sorted(set(about) - set(LAG_KEYS) - {"communes", "voisines"})
    if unknown:
        raise FolderError(
            _("[gal.%(code)s] : clé inconnue « %(key)s »") % {"code": code, "key": unknown[0]}, MANIFEST
        )
    for key in LAG_KEYS.keys() & about.keys():
        if not isinstance(about[key], str):
            raise FolderError(
                _("[gal.%(code)s] : « %(key)s » s’écrit entre guillemets") % {"code": code, "key": key},
                MANIFEST,
            )
    return code, about


# Places --------------------------------------------------------------------------------------------------


def _typographic(text: str) -> str:
    return text.replace("'", "’").replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _read_places(folder: Path, files: dict, about: dict, statistics: dict, content: Content) -> set[str]:
    """Fill municipalities, boundaries, localities, areas; return every code that the register knows."""
    name = _file(files, "communes")
    rows = {row["nis"]: row for row in table(folder, name, MUNICIPALITY_COLUMNS, key=("nis",))}
    cited = [*about["communes"], *about.get("voisines", [])]
    for code in cited:
        if code not in rows:
            raise FolderError(
                _("la commune %(code)s n’est pas dans %(file)s") % {"code": code, "file": name}, MANIFEST
            )
        if cited.count(code) > 1:
            raise FolderError(_("la commune %s est citée deux fois") % code, MANIFEST)

    regions = set(statistics.get("regions", []))
    wanted = {code for code, row in rows.items() if row["region_nis"] in regions}
    wanted |= set(cited)
    slugs: set[str] = set()
    for code in sorted(wanted):
        row = rows[code]
        slug = slugify(row.required("nom_fr"))
        slug = f"{slug}-{code}" if slug in slugs else slug
        slugs.add(slug)
        content.municipalities[code] = {
            "code": code,
            "name": _typographic(row["nom_fr"]),
            "slug": slug,
            "postal_codes": [part for part in row["codes_postaux"].split("|") if part],
            "former_codes": [part for part in row["anciens_nis"].split("|") if part],
            "surface_km2": row.number("superficie_km2"),
            **_point(row),
        }
    content.boundaries = _read_boundaries(folder, files, set(rows), wanted)
    for code in cited:
        if code not in content.boundaries:
            raise FolderError(_("aucun fichier de contours ne contient la commune %s") % code, MANIFEST)
    _read_areas(rows, regions, about, statistics.get("noms", {}), content)
    if "localites" in files:
        _read_localities(folder, files["localites"], rows, content)
    return set(rows)


def _point(row: Row) -> dict[str, float | None]:
    lon, lat = row.number("lon"), row.number("lat")
    if lon is None and lat is None:
        return {"lon": None, "lat": None}
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        raise row.error(_("« lon » et « lat » ne forment pas un point"))
    return {"lon": float(lon), "lat": float(lat)}


def _read_boundaries(folder: Path, files: dict, known: set[str], wanted: set[str]) -> dict[str, dict]:
    names = files.get("contours", [])
    found: dict[str, dict] = {}
    for name in [names] if isinstance(names, str) else names:
        for code, geometry in boundaries(folder, name).items():
            if code not in known:
                raise FolderError(_("contour d’une commune inconnue (%s)") % code, name)
            if code in wanted:
                found.setdefault(code, geometry)
    return found


def _read_areas(rows: dict[str, Row], regions: set[str], about: dict, names: dict, content: Content) -> None:
    """The LAG's territory, and each arrondissement and province of the regions that are loaded whole.

    An area of which some municipalities are not loaded would give sums that look complete: it is left out.
    """
    _add_area(
        content, content.lag_area, about["nom_court"], content.lag_area, AreaKind.LAG, about["communes"]
    )
    for kind, column in (
        (AreaKind.ARRONDISSEMENT, "arrondissement"),
        (AreaKind.PROVINCE, "province"),
        (AreaKind.REGION, "region"),
    ):
        members: dict[str, list[str]] = defaultdict(list)
        for code, row in rows.items():
            if row["region_nis"] in regions and row[f"{column}_nis"]:
                members[row[f"{column}_nis"]].append(code)
        for code, municipalities in members.items():
            row = rows[municipalities[0]]
            name = names.get(code) or _typographic(row.required(f"{column}_fr"))
            slug = slugify(name)
            if kind == AreaKind.ARRONDISSEMENT:
                of = _("Arrondissement d’%s") if slug[0] in "aeiouy" else _("Arrondissement de %s")
                name, slug = of % name, f"arrondissement-{slug}"
            _add_area(content, code, name, slug, kind, municipalities)


def _add_area(
    content: Content, code: str, name: str, slug: str, kind: AreaKind, members: Iterable[str]
) -> None:
    if code in content.municipalities or code in content.areas:
        raise FolderError(_("le code %s désigne deux lieux") % code, MANIFEST)
    content.areas[code] = {"code": code, "name": name, "slug": slug, "kind": kind}
    content.members[code] = sorted(members)


def _read_localities(folder: Path, name: str, rows: dict[str, Row], content: Content) -> None:
    columns = ("code_postal", "localite", "nis", "lon", "lat")
    for row in table(folder, name, columns, key=("nis", "localite", "code_postal")):
        code = row.one_of("nis", rows)
        if code in content.municipalities:
            locality = _typographic(row.required("localite"))
            content.localities[code, locality, row.required("code_postal")] = _point(row)


# Lists ---------------------------------------------------------------------------------------------------


def _read_lists(folder: Path, files: dict, content: Content) -> None:
    for name, target, extra in (
        ("themes", content.themes, {}),
        ("piliers", content.pillars, {}),
        ("dimensions", content.dimensions, {"couleur": "colour"}),
    ):
        for order, row in enumerate(
            table(folder, _file(files, name), ("code", "nom", "description", *extra), key=("code",)), start=1
        ):
            target[row.required("code")] = {
                "code": row["code"],
                "name": row.required("nom"),
                "description": row["description"],
                "order": order,
                **{model: row.required(column) for column, model in extra.items()},
            }
    if "odd" in files:
        for row in table(folder, files["odd"], ("numero", "titre_court", "titre_long"), key=("numero",)):
            content.goals[row.required("numero")] = {
                "code": row["numero"],
                "title": _typographic(row.required("titre_court")),
                "description": _typographic(row["titre_long"]),
                "level": Level.STRATEGIC,
                "order": row.integer("numero"),
            }
    columns = ("code", "editeur", "titre", "licence", "adresse_licence", "mention")
    for row in table(folder, _file(files, "sources"), columns, key=("code",)):
        content.sources[row.required("code")] = {
            "code": row["code"],
            "publisher": row.required("editeur"),
            "title": row.required("titre"),
            "licence": row.required("licence"),
            "licence_url": row["adresse_licence"],
            "credit": row.required("mention"),
        }


def _read_indicators(folder: Path, files: dict, content: Content) -> None:
    rows = table(folder, _file(files, "indicateurs"), INDICATOR_COLUMNS, key=("code",))
    sums = {row["code"] for row in rows if row["agregation"] == "somme"}
    for order, row in enumerate(rows, start=1):
        aggregation = AGGREGATIONS[row.one_of("agregation", AGGREGATIONS)]
        parts: dict = {"numerator": None, "denominator": None, "factor": None}
        if aggregation == Aggregation.RATIO:
            factor = row.number("facteur")
            if factor is None or factor <= 0:
                raise row.error(_("un rapport a besoin d’un facteur positif"))
            parts = {
                "numerator": row.one_of("numerateur", sums),
                "denominator": row.one_of("denominateur", sums),
                "factor": factor,
            }
        basis = BASES[row.one_of("denominateur_lu", BASES)]
        fixed = row.integer("annee_fixe")
        if (basis == DenominatorBasis.FIXED) != (fixed is not None):
            raise row.error(_("« annee_fixe » va avec « denominateur_lu » = annee_fixe"))
        content.indicators[row.required("code")] = {
            "code": row["code"],
            "name": row.required("nom"),
            "short_name": row.required("nom_court"),
            "unit": row.required("unite"),
            "decimals": row.integer("decimales") or 0,
            "period": row["moment"],
            "group": row.one_of("groupe", IndicatorGroup.values),
            "order": order * 10,
            "caution": row["mise_en_garde"],
            "unavailable": row["indisponible"],
            "aggregation": aggregation,
            "years_averaged": row.integer("annees_moyennees") or 1,
            "denominator_basis": basis,
            "denominator_offset": row.integer("decalage") or 0,
            "denominator_year": fixed,
            **parts,
        }


# Values --------------------------------------------------------------------------------------------------


def _read_values(folder: Path, files: dict, known: set[str], content: Content) -> None:
    readings = table(folder, _file(files, "lectures"), READING_COLUMNS)
    tables: dict[str, list[Row]] = {}
    for reading in readings:
        indicator = reading.one_of("indicateur", content.indicators)
        if content.indicators[indicator]["aggregation"] == Aggregation.RATIO:
            raise reading.error(_("« %s » est un rapport : il se calcule, il ne se lit pas") % indicator)
        reading.one_of("source", content.sources)
        name = reading.required("fichier")
        if name not in tables:
            tables[name] = table(folder, name, ("nis",))
        for key, value in _values(reading, tables[name], known, content.municipalities):
            if key in content.values:
                raise reading.error(
                    _("« %(code)s » est déjà lu ailleurs pour %(place)s")
                    % {"code": indicator, "place": key[1]}
                )
            content.values[key] = value


def _values(reading: Row, rows: list[Row], known: set[str], loaded) -> Iterable[tuple[ValueKey, Value]]:
    """The values of one line of lectures.csv: rows that pass the filter, summed by municipality and year."""
    wanted = _filter(reading)
    plus, _minus, minus = (part.strip() for part in reading.required("valeur").partition(" - "))
    year_column = "" if reading["annee"].isdigit() else reading["annee"]
    columns = ["nis", plus, *([minus] if minus else []), *([year_column] if year_column else []), *wanted]
    if rows:
        for column in columns:
            if column not in rows[0].cells:
                raise reading.error(
                    _("%(file)s n’a pas de colonne « %(column)s »") % {"file": rows[0].file, "column": column}
                )
    rows = [row for row in rows if all(row[column] in values for column, values in wanted.items())]
    refuse_duplicates(rows, ("nis", *([year_column] if year_column else []), *wanted))
    fixed_year = reading.year("annee") if reading["annee"] and not year_column else None
    sums: dict[ValueKey, Decimal] = {}
    for row in rows:
        code = row.one_of("nis", known)
        amount, less = row.number(plus), row.number(minus) if minus else Decimal(0)
        if code not in loaded or amount is None or less is None:
            continue
        key = (reading["indicateur"], code, row.year(year_column) if year_column else fixed_year)
        sums[key] = sums.get(key, Decimal(0)) + amount - less
    for key, total in sums.items():
        yield key, Value(total, reading["source"], reading["remarque"], reading["fichier"])


def _filter(reading: Row) -> dict[str, set[str]]:
    """Read "stat_code=T8;type=R1|R2" as {"stat_code": {"T8"}, "type": {"R1", "R2"}}."""
    wanted = {}
    for condition in filter(None, reading["filtre"].split(";")):
        column, equals, values = condition.partition("=")
        if not equals or not values:
            raise reading.error(_("filtre illisible : « %s »") % condition)
        wanted[column.strip()] = {value.strip() for value in values.split("|")}
    return wanted
