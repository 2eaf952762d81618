"""Resolves to whom a claim is addressed: the payer's folder, the contractor, and so the book."""

from __future__ import annotations

from dataclasses import replace

from engine.model.claim import Claim
from engine.model.directory import Directory
from engine.model.problem import Location, Problem

BookKey = tuple[str, str | None, str | None]
"""Payer, contractor and plan of a book; an empty payer has no policies."""


def addressed(
    claim: Claim, directory: Directory, path: str, as_payer: str | None = None
) -> tuple[Claim, list[Problem]]:
    """The claim with its payer as a folder of the policies, and what of that is not known.

    `as_payer` judges it by that payer, whatever the claim says. A claim of an unknown payer
    loses its payer's id, so that nothing makes it clean.
    """
    payer = claim.payer if as_payer is None else replace(claim.payer, id=as_payer)
    folder = directory.payer(payer)
    where = Location(path, place=f"claim {claim.claim_id}")
    if folder is None:
        said = payer.id or payer.name or payer.identifier or "nothing"
        known = ", ".join(directory.payers) or "none"
        message = f"no policies for the payer `{said}`: the claim stays undecided"
        hint = f"payers here: {known}; or name one with --payer"
        problem = Problem(where, "unknown-payer", message, hint, "warning")
        return replace(claim, payer=replace(payer, id=None, name=said)), [problem]
    contractor = directory.contractor(folder, payer, claim.lines[0].service_date)
    problems = []
    if payer.contractor and contractor is None:
        known = ", ".join(directory.payers[folder].contractors)
        message = f"{folder} has no contractor `{payer.contractor}`"
        hint = f"contractors: {known}" if known else "leave `contractor` out"
        problems.append(Problem(where, "unknown-contractor", message, hint))
    return replace(claim, payer=replace(payer, id=folder, contractor=contractor)), problems


def book_key(claim: Claim, directory: Directory) -> BookKey:
    """Which book decides an addressed claim; plans without a layer of their own share one."""
    payer = claim.payer
    entry = directory.payers.get(payer.id or "")
    plan = payer.plan if entry is not None and entry.by_plan else None
    return payer.id or "", payer.contractor, plan
