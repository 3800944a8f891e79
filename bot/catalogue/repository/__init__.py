"""Every query about asked questions, answers that staff wrote, circulars and versions."""

from bot.catalogue.repository.circulars import CircularRepository
from bot.catalogue.repository.learnt import LearntRepository
from bot.catalogue.repository.questions import QuestionRepository
from bot.catalogue.repository.versions import VersionRepository

__all__ = ["CircularRepository", "LearntRepository", "QuestionRepository", "VersionRepository"]
