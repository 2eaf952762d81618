"""All layouts by the name that the command takes."""

from __future__ import annotations

from engine.documents.imports import add_ons, hcpcs, icd10, pairs, surgery_centre, units
from engine.documents.imports.layout import Layout

LAYOUTS: dict[str, Layout] = {
    module.LAYOUT.name: module.LAYOUT
    for module in (pairs, units, add_ons, hcpcs, icd10, surgery_centre)
}
