"""The journal: who did what to what, written by actions only."""

from accounts.models import JournalEntry, User


def record(verb: str, obj, *, by: User | None, **facts) -> JournalEntry:
    """Write one line, in the caller's transaction.

    `verb` is "noun.past_participle" ("diagnostic.requested"); `by` is None for the system; `facts` are plain
    values (no personal data: labels of people belong to `by` alone).
    """
    return JournalEntry.objects.create(
        verb=verb,
        object_kind=obj._meta.label_lower,
        object_id=str(getattr(obj, "public_id", obj.pk)),
        object_label=str(obj)[:200],
        by_label=str(by)[:200] if by else "système",
        facts=facts,
    )
