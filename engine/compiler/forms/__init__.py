"""The forms of the language, one small file each; a new form is a new file and a name here."""

from __future__ import annotations

from engine.compiler.forms import (
    active_code,
    attributes,
    claim,
    code_for,
    companion,
    diagnosis,
    documented,
    manual_review,
    modifier,
    never,
    not_with,
    outcome,
    patient,
    place_of_service,
    prior_authorization,
    procedure,
    provider,
    sessions,
    spacing,
    units,
)
from engine.compiler.forms.combined import ALL_OF, ANY_OF, COUNT_OF, NONE_OF
from engine.compiler.forms.form import Form

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        procedure.FORM,
        place_of_service.FORM,
        provider.FORM,
        patient.FORM,
        claim.FORM,
        attributes.FORM,
        modifier.FORM,
        units.FORM,
        diagnosis.FORM,
        documented.FORM,
        prior_authorization.FORM,
        sessions.FORM,
        spacing.FORM,
        companion.FORM,
        not_with.FORM,
        outcome.FORM,
        code_for.FORM,
        active_code.FORM,
        never.FORM,
        manual_review.FORM,
        ALL_OF,
        ANY_OF,
        NONE_OF,
        COUNT_OF,
    )
}
PATTERN_KEYS = (
    "procedure",
    "modifier",
    "diagnosis",
    "place_of_service",
    "provider",
    "patient",
    "claim",
    "attributes",
    "documented",
)
"""The forms that a line pattern may hold, `documented` only in `where` (clause A2)."""
