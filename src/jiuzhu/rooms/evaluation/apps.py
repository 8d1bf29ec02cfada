"""Django application of the room evaluation (评估)."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.evaluation"
    label = "evaluation"
    verbose_name = "评估"
