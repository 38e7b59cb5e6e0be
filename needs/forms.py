"""Forms: one section of a questionnaire, the start of a response, its submission."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from needs.actions import Conflict, Given, Saved, agrees, mark
from needs.choices import LEVEL_ICONS, Horizon, Level, QuestionKind, YesNo
from needs.models import Answer, Question

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_CONCERNED = "nc"
MINE, THEIRS = "mine.", "theirs"
"""What a person keeps of two versions; the first is followed by the mark of the version compared with."""
LONGEST: dict[str, int] = {
    QuestionKind.SHORT_TEXT: 300,
    QuestionKind.LONG_TEXT: 4000,
    QuestionKind.NEED: 4000,
}
BIGGEST = 10**12


class Line:
    """One question of a section as the page shows it: its fields, its answer, a conflict if there is one."""

    def __init__(self, form: "SectionForm", question: Question, answer: Answer | None):
        self.form, self.question, self.answer = form, question, answer
        self.kind = question.kind
        self.conflict: Conflict | None = None

    @property
    def _met(self) -> Conflict:
        if self.conflict is None:
            raise ValueError(f"nobody else wrote on {self.question.code}")
        return self.conflict

    @property
    def field(self):
        """The bound field that holds the answer; None for a note."""
        return self.form[self.question.code] if self.question.asks else None

    @property
    def anchor(self) -> str:
        """Where a link to the question leads: its field, or the first of its radios and boxes."""
        first = self.kind not in (*LONGEST, QuestionKind.INTEGER)
        return f"{self.field.auto_id}_0" if first else self.field.auto_id

    @property
    def horizon(self):
        """The bound field of a need's horizon."""
        return self.form[f"{self.question.code}-horizon"]

    @property
    def pool(self):
        """The bound field that says whether a need is to be shared."""
        return self.form[f"{self.question.code}-pool"]

    @property
    def seen(self):
        """The hidden field that says what the person saw before writing."""
        return self.form[f"{self.question.code}-seen"]

    @property
    def keep(self) -> str:
        """Name of the choice between two versions."""
        return f"{self.question.code}-keep"

    @property
    def keep_mine(self) -> str:
        """Value of that choice for one's own version, against the one shown."""
        return MINE + mark(self._met.theirs)

    @property
    def levels(self) -> list[dict]:
        """The cells of a criterion: radio, word, sentence and growth; « Non concerné » last."""
        sentences = {choice.score: choice.label for choice in self.question.choices.all()}
        return [
            {
                "radio": radio,
                "word": radio.choice_label,
                "sentence": sentences.get(number, ""),
                "icon": LEVEL_ICONS[number] if number < len(LEVEL_ICONS) else "",
            }
            for number, radio in enumerate(self.field)
        ]

    @property
    def mine(self) -> str:
        """In a conflict: what the person wrote, in words."""
        given = self._met.mine
        return self.question.said(given.value, given.not_concerned) or _("(effacé)")

    @property
    def theirs(self) -> str:
        """In a conflict: what the other person wrote, in words."""
        return self._met.theirs.said or _("(effacé)")


class SectionForm(forms.Form):
    """The answers of one section. Nothing is required here: a draft is kept as it is."""

    use_required_attribute = False

    def __init__(self, data=None, *, questions: Iterable[Question], answers: dict[int, Answer], **kwargs):
        super().__init__(data, auto_id="q-%s", **kwargs)
        self.questions = list(questions)
        self.lines = [Line(self, question, answers.get(question.pk)) for question in self.questions]
        for line in self.lines:
            if line.question.asks:
                self._add(line.question, line.answer)

    def _add(self, question: Question, answer: Answer | None) -> None:
        code = question.code
        self.fields[code] = _field(question)
        self.fields[f"{code}-seen"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=mark(answer), max_length=60
        )
        value = answer.value if answer else None
        if question.kind == QuestionKind.NEED:
            told = value or {"text": "", "horizon": "", "pool": ""}
            self.fields[f"{code}-horizon"] = forms.ChoiceField(
                label=gettext_lazy("Pour quand ?"),
                choices=[("", _("Sans date")), *Horizon.choices],
                required=False,
                initial=told["horizon"],
            )
            self.fields[f"{code}-pool"] = forms.ChoiceField(
                label=gettext_lazy("À mutualiser avec d’autres communes ?"),
                choices=[("", _("Pas encore décidé")), *YesNo.choices],
                required=False,
                initial=told["pool"],
            )
            value = told["text"]
        self.initial[code] = NOT_CONCERNED if answer and answer.not_concerned else value

    def clean(self):
        """Check how many boxes are ticked, and boxes that exclude the others."""
        cleaned = super().clean() or {}
        for question in self.questions:
            if question.kind != QuestionKind.MULTIPLE or not cleaned.get(question.code):
                continue
            picked = cleaned[question.code]
            alone = [one.label for one in question.choices.all() if one.exclusive and one.code in picked]
            if alone and len(picked) > 1:
                self.add_error(question.code, _("« %s » ne va pas avec une autre réponse.") % alone[0])
            elif question.most and len(picked) > question.most:
                self.add_error(
                    question.code,
                    _("Choisissez-en %(most)s au plus : il y en a %(count)s.")
                    % {"most": question.most, "count": len(picked)},
                )
        return cleaned

    def given(self) -> list[Given]:
        """Return the valid answers, as actions take them; call after validation."""
        found = []
        for question in self.questions:
            code = question.code
            names = [name for name in (code, f"{code}-horizon", f"{code}-pool") if name in self.fields]
            if not question.asks or any(name in self.errors for name in names):
                continue
            # A question that the page did not send says nothing: it is no answer emptied.
            choice = self.data.get(f"{code}-keep", "")
            if f"{code}-seen" not in self.data or choice == THEIRS:
                continue
            seen = self.cleaned_data.get(f"{code}-seen", "")
            if choice.startswith(MINE):  # having compared with this very version
                seen = choice.removeprefix(MINE)
            value = self.cleaned_data[code]
            not_concerned = value == NOT_CONCERNED
            if question.kind == QuestionKind.NEED and value:
                value = {
                    "text": value,
                    "horizon": self.cleaned_data[f"{code}-horizon"],
                    "pool": self.cleaned_data[f"{code}-pool"],
                }
            if not_concerned or value in ("", [], None):
                value = None
            found.append(Given(question, value, not_concerned, seen))
        return found

    def show(self, saved: Saved, given: Iterable[Given]) -> None:
        """Put conflicts beside their questions; what was written stays in the fields."""
        by_question = {conflict.mine.question.pk: conflict for conflict in saved.conflicts}
        # Typed here, since Django's stubs take the data of a form for a Mapping that nobody writes to.
        data: dict[str, Any] | QueryDict = self.data.copy()  # type: ignore[attr-defined]  # QueryDict or dict
        for one in given:
            answer = saved.answers.get(one.question.pk)
            if agrees(answer, one):
                data[f"{one.question.code}-seen"] = mark(answer)
        self.data = data
        for line in self.lines:
            line.answer = saved.answers.get(line.question.pk)
            line.conflict = by_question.get(line.question.pk)

    @property
    def conflicts(self) -> list[Line]:
        """The lines on which two people wrote."""
        return [line for line in self.lines if line.conflict]


def _field(question: Question) -> forms.Field:
    shared: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": False}
    kind = question.kind
    match kind:
        case QuestionKind.SHORT_TEXT:
            return forms.CharField(max_length=LONGEST[kind], **shared)
        case QuestionKind.LONG_TEXT | QuestionKind.NEED:
            tall = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(max_length=LONGEST[kind], widget=tall, **shared)
        case QuestionKind.INTEGER:
            digits = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            limits = [MinValueValidator(0), MaxValueValidator(BIGGEST)]
            return forms.IntegerField(widget=digits, validators=limits, **shared)
        case QuestionKind.MULTIPLE:
            boxes = [(choice.code, choice.label) for choice in question.choices.all()]
            return forms.MultipleChoiceField(choices=boxes, widget=forms.CheckboxSelectMultiple, **shared)
    coerce: Callable[[str], int | str] = str
    options: list[tuple[int | str, StrOrPromise]] = [
        (choice.code, choice.label) for choice in question.choices.all()
    ]
    match kind:
        case QuestionKind.YES_NO:
            options = [*YesNo.choices]
        case QuestionKind.SCALE:
            coerce, options = int, [(number, str(number)) for number in range(11)]
        case QuestionKind.LEVEL:
            coerce, options = _level, [*Level.choices]
            if question.may_be_not_concerned:
                options.append((NOT_CONCERNED, _("Non concerné")))
    return forms.TypedChoiceField(
        choices=options, coerce=coerce, empty_value=None, widget=forms.RadioSelect, **shared
    )


def _level(text: str) -> int | str:
    return text if text == NOT_CONCERNED else int(text)


class SubmissionForm(forms.Form):
    """The last step: the date of the Collège, and the version that was reviewed."""

    approved_on = forms.DateField(
        label=gettext_lazy("Validée par le Collège le"),
        help_text=gettext_lazy("Par exemple 12/01/2027."),
        required=False,
    )
    publishes = forms.BooleanField(
        label=gettext_lazy("Nous acceptons d’être nommés avec nos besoins"),
        help_text=gettext_lazy(
            "Quand plusieurs communes cherchent la même chose, le portail montre à tous lesquelles. Sans votre accord, "
            "vous comptez sans être nommés."
        ),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_approved_on(self):
        """Refuse a day to come."""
        day = self.cleaned_data["approved_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Cette date n’est pas encore venue : vérifiez l’année."))
        return day
