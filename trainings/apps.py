from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Formations")
    team_permissions = {
        "trainings.training": ("view", "add", "change"),
        "trainings.trainer": ("view", "add", "change", "delete"),
        "trainings.trainingdocument": ("view", "add", "change", "delete"),
        "trainings.trainingsession": ("view", "add", "change"),
        "trainings.sessionday": ("view", "add", "change", "delete"),
        "trainings.registrationquestion": ("view", "add", "change", "delete"),
        "trainings.registration": ("view", "add", "change"),
    }

    def ready(self) -> None:
        from trainings import receivers  # noqa: F401 - connects
