"""What needs forget of a person: who wrote, not what an organisation answered."""

import json

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts import erasure
from accounts.erasure import Part, Person
from accounts.models import User
from actors.models import Contact
from needs.models import Answer, Need, Response


@erasure.erases
def forget(person: Person) -> list[Part]:
    """Cut the links from answers and needs to the person, and take its words out of what it wrote.

    The answers themselves are an organisation's: they stay.
    """
    contacts = Contact.objects.filter(public_id__in=person.of(Contact)).values("pk")
    users = User.objects.filter(public_id__in=person.of(User)).values("pk")
    sent = Response.objects.filter(created_at__lte=person.before)
    count = sent.filter(submitter_contact__in=contacts).update(submitter_contact=None)
    count += sent.filter(submitter__in=users).update(submitter=None)
    return [
        Part(
            _("Réponses envoyées pour une organisation"),
            count,
            remark=_("Les réponses restent, sans qui les a envoyées."),
        ),
        Part(_("Réponses à des questions"), _answers(person, contacts, users)),
        Part(_("Besoins"), _needs(person, contacts, users)),
    ]


def _answers(person: Person, contacts, users) -> int:
    theirs = Q(contact__in=contacts) | Q(author__in=users)
    for email in person.emails:
        theirs |= Q(told__icontains=email)
    found = Answer.objects.annotate(told=Cast("value", TextField())).filter(
        theirs, updated_at__lte=person.before
    )
    count = 0
    for answer in found:
        if answer.value is not None:
            # Values are text, lists and objects of text: redacted as they are written, without escapes.
            text = json.dumps(answer.value, ensure_ascii=False)
            answer.value = json.loads(erasure.redacted(text, person))
        answer.author = answer.contact = None
        answer.save(update_fields=["value", "author", "contact"])
        count += 1
    return count


def _needs(person: Person, contacts, users) -> int:
    theirs = Q(contact__in=contacts) | Q(author__in=users)
    for email in person.emails:
        theirs |= Q(title__icontains=email) | Q(description__icontains=email)
    count = 0
    for need in Need.objects.filter(theirs, created_at__lte=person.before):
        need.title = erasure.redacted(need.title, person)
        need.description = erasure.redacted(need.description, person)
        need.author = need.contact = None
        need.save(update_fields=["title", "description", "author", "contact"])
        count += 1
    return count
