"""What a worker does, from wherever the import stands."""

import logging

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.storage import StorageFull
from imports.actions.leases import LeaseLost, claim, fail
from imports.actions.previewing import preview
from imports.actions.writing import write
from imports.choices import State
from imports.models import Import
from tabular import reading

logger = logging.getLogger(__name__)


def work(run: Import) -> Import:
    """Go on from wherever the import stands: preview, or write; what fails is written on it, in French.

    Nothing happens when another worker holds it. Each batch is one transaction with the rows it marks: killed
    half-way, the next worker goes on after the last whole batch.
    """
    held = claim(run)
    if held is None:
        run.refresh_from_db()
        return run
    try:
        (preview if held.state == State.CHECKING else write)(held)
    except LeaseLost:
        logger.warning("import %s: taken up elsewhere", held.public_id)
    except reading.FileRefused as error:
        fail(held, str(error))
    except ValidationError as error:
        fail(held, " ".join(error.messages))
    except StorageFull as error:
        fail(held, str(error.args[-1]))
    except Exception:
        logger.exception("import %s failed", held.public_id)
        fail(
            held,
            _(
                "Une erreur imprévue s’est produite ; l’équipe technique peut la lire dans le journal technique."
            ),
        )
    held.refresh_from_db()
    return held
