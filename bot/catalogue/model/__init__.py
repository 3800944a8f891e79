"""What an office publishes: itself, its services, its agreement with the public, usual answers.

These are the shapes of the files in data/catalogue/<office>/, so a field is written down once,
here. They are pydantic models because their material is files that people edit (ADR 0008): a
missing, misspelt or ill-shaped field is refused with its name. `None` always means "the source
does not say", and is shown so; an empty list means "the source says there is none".
"""

from bot.catalogue.model.agreement import Agreement, Clause, Section
from bot.catalogue.model.common import ClauseId, Facet, Flag, Lead, Line, Prose, Record, Slug, Text
from bot.catalogue.model.desk import (
    CaseKind,
    DeskHours,
    DeskPolicy,
    DeskWindow,
    ReadyAnswer,
    Target,
    WalletPolicy,
    WorkshopPolicy,
)
from bot.catalogue.model.learning import (
    AgreementEnd,
    Circular,
    CircularId,
    EndReason,
    LearntAnswer,
    LearntId,
    LearntState,
    QuestionGroup,
    ServiceVersion,
)
from bot.catalogue.model.office import Hours, Office, Url
from bot.catalogue.model.published import Catalogue, Held, OfficeCatalogue, learnt_faq
from bot.catalogue.model.question import AskedQuestion, Outcome
from bot.catalogue.model.service import (
    SIDES,
    Contact,
    Document,
    Duration,
    Faq,
    Fee,
    IdentityForm,
    Law,
    LearntMark,
    LifeEvent,
    Row,
    Service,
    StageAccess,
)
from bot.catalogue.model.versions import (
    CatalogueChange,
    CatalogueVersion,
    ChangeId,
    SentBook,
    StoredCatalogue,
    VersionId,
    VersionState,
)

__all__ = [
    "SIDES",
    "Agreement",
    "AgreementEnd",
    "AskedQuestion",
    "CaseKind",
    "Catalogue",
    "CatalogueChange",
    "CatalogueVersion",
    "ChangeId",
    "Circular",
    "CircularId",
    "Clause",
    "ClauseId",
    "Contact",
    "DeskHours",
    "DeskPolicy",
    "DeskWindow",
    "Document",
    "Duration",
    "EndReason",
    "Facet",
    "Faq",
    "Fee",
    "Flag",
    "Held",
    "Hours",
    "IdentityForm",
    "Law",
    "Lead",
    "LearntAnswer",
    "LearntId",
    "LearntMark",
    "LearntState",
    "LifeEvent",
    "Line",
    "Office",
    "OfficeCatalogue",
    "Outcome",
    "Prose",
    "QuestionGroup",
    "ReadyAnswer",
    "Record",
    "Row",
    "Section",
    "SentBook",
    "Service",
    "ServiceVersion",
    "Slug",
    "StageAccess",
    "StoredCatalogue",
    "Target",
    "Text",
    "Url",
    "VersionId",
    "VersionState",
    "WalletPolicy",
    "WorkshopPolicy",
    "learnt_faq",
]
