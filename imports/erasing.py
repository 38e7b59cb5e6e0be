"""What imports forget of a person: a file that names somebody goes with its preview, sooner than by retention."""

from django.utils.translation import gettext as _

from accounts import erasure
from accounts.erasure import Part, Person
from imports import actions


@erasure.erases
def forget(person: Person) -> list[Part]:
    """Erase the kept files whose lines name the person; one that is being read or written is erased by retention."""
    erased, at_work = actions.erase_naming(emails=person.emails, names=person.names, before=person.before)
    remark = _("En cours de lecture\u00a0: effacé dans les jours qui suivent.") if at_work else ""
    return [Part(_("Fichiers importés qui la nomment"), erased, at_work, remark=remark)]
