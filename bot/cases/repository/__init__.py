"""Every query about cases."""

from bot.cases.repository.cases import CaseRepository
from bot.cases.repository.clocks import CaseClocks
from bot.cases.repository.figures import CaseFigures
from bot.cases.repository.lists import CaseLists

__all__ = ["CaseClocks", "CaseFigures", "CaseLists", "CaseRepository"]
