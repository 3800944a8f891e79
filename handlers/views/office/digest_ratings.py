"""How people rated the answers of an office, as a digest says it; nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number, persian_digits
from bot.kit.text import isolate
from handlers.views.cases.surveys import reason_name, solved_name
from handlers.views.common import said, shielded

if TYPE_CHECKING:
    from bot.catalogue.model import OfficeCatalogue
    from bot.digests.model import Figures
    from bot.kit.words import Words
    from bot.surveys.model import Opinions, Satisfaction

_REMARK_UNITS_MAX = 200
_DECIMAL_MARK = "\u066b"


def ratings(words: Words, published: OfficeCatalogue, figures: Figures) -> str:
    """Say how answers were rated, which service worst, why, and what people wrote."""
    _ = words.gettext
    if figures.satisfaction.count:
        lines = [_("⭐ Satisfaction: {score}").format(score=_score(words, figures.satisfaction))]
    else:
        lines = [_("⭐ Nobody has rated an answer in this time.")]
    worst = figures.worst_service
    if worst is not None:
        line = _("📉 Rated lowest in four weeks: {service}, {score}")
        service = _service(words, published, worst.service_id)
        lines.append(line.format(service=service, score=_score(words, worst.satisfaction)))
    return "\n".join([*lines, *_opinions(words, figures.opinions)])


def _service(words: Words, published: OfficeCatalogue, service_id: str | None) -> str:
    _ = words.gettext
    service = None if service_id is None else published.service(service_id)
    return _("the office itself") if service is None else said(service.title, words)


def _opinions(words: Words, opinions: Opinions) -> list[str]:
    """Say why, whether it helped, and what people wrote; nobody is named."""
    _ = words.gettext
    reasons = [(reason_name(reason, words), count) for reason, count in opinions.reasons.items()]
    solved = [(solved_name(answer, words), count) for answer, count in opinions.solved.items()]
    lines = []
    if reasons:
        lines.append(_("Reasons: {counts}").format(counts=counts(words, reasons)))
    if solved:
        lines.append(_("🔁 Really solved? {counts}").format(counts=counts(words, solved)))
    lines += [
        _("💬 {score} ⭐ {remark}").format(
            score=number(remark.score, words.language),
            remark=isolate(shielded(remark.text, units_max=_REMARK_UNITS_MAX)),
        )
        for remark in opinions.remarks
    ]
    return lines


def counts(words: Words, parts: list[tuple[str, int]]) -> str:
    """Write named numbers in one line, without those that are none."""
    listed = (f"{name}: {number(count, words.language)}" for name, count in parts if count)
    return " · ".join(listed)


def _score(words: Words, satisfaction: Satisfaction) -> str:
    _ = words.gettext
    assert satisfaction.mean is not None
    mean = f"{satisfaction.mean:.1f}"
    if words.language == "fa":
        mean = persian_digits(mean).replace(".", _DECIMAL_MARK)
    return _("{mean} of {best}, ratings: {count}").format(
        mean=mean,
        best=number(5, words.language),
        count=number(satisfaction.count, words.language),
    )
