"""Every query about asked questions, answers that staff wrote, and circulars."""

from bot.catalogue.repository.circulars import CircularRepository
from bot.catalogue.repository.learnt import LearntRepository
from bot.catalogue.repository.questions import QuestionRepository

__all__ = ["CircularRepository", "LearntRepository", "QuestionRepository"]
