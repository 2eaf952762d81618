"""The text of a rule's further entry, made from its latest one."""

from __future__ import annotations

import re
from datetime import date

import yaml

from engine.analysis.revise.places import raw_item
from engine.documents.marks import Path

_KEY = re.compile(r"([a-z_]+):")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def revised_entry(
    text: str, path: Path, begin: date, published: date | None, keys: dict[str, str]
) -> list[str]:
    """The lines of the new entry: dates first, other keys replaced, examples moved."""
    parts = _parts(raw_item(text, path))
    dates = [f"from: {begin}"] + ([f"published: {published}"] if published else [])
    lines = []
    for name, part in parts.items():
        if name in ("from", "published", "corrects"):
            continue
        if name == "examples":
            part = _moved(part, begin)
        lines += _written(name, keys[name]) if name in keys else part
        if name == "rule":
            lines += dates
    for name in keys.keys() - parts.keys():
        lines += _written(name, keys[name])
    return lines


def _parts(lines: list[str]) -> dict[str, list[str]]:
    """The lines of each key of a mapping; a comment belongs to the key below it."""
    found: dict[str, list[str]] = {}
    above: list[str] = []
    name = ""
    for line in lines:
        match = _KEY.match(line)
        if match:
            name = match[1]
            found[name] = [*above, line]
            above = []
        elif line.startswith("#"):
            above.append(line)
        else:
            found[name].append(line)
    return found


def _written(name: str, value: str) -> list[str]:
    """A key with the YAML that a command gave for it."""
    try:
        data = yaml.safe_load(value)
    except yaml.YAMLError:
        data = value
    if isinstance(data, dict | list):
        return [f"{name}: {value}"] if "\n" not in value else [f"{name}:", *_deeper(value)]
    from engine.analysis.format.scalars import written

    return [f"{name}: {written(value, plain=not isinstance(data, str), in_flow=False)}"]


def _deeper(value: str) -> list[str]:
    return [f"  {line}" for line in value.strip("\n").split("\n")]


def _moved(lines: list[str], begin: date) -> list[str]:
    """Examples by whole years later, as many as bring the first date of each to the entry."""
    groups: list[list[str]] = []
    for line in lines[1:]:
        if re.match(r"\s*- name:", line) or not groups:
            groups.append([])
        groups[-1].append(line)
    moved = [line for group in groups for line in _later(group, begin)]
    return [lines[0], *moved]


def _later(lines: list[str], begin: date) -> list[str]:
    days = [date.fromisoformat(d) for line in lines if "service_date" in line for d in _days(line)]
    if not days:
        return lines
    first, years = days[0], 0
    while _years(first, years) < begin:
        years += 1
    return [_DAY.sub(lambda m: _years_of(m.group(), years), line) for line in lines]


def _days(line: str) -> list[str]:
    return [day for day in _DAY.findall(line) if _is_day(day)]


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _years_of(text: str, years: int) -> str:
    return _years(date.fromisoformat(text), years).isoformat() if _is_day(text) else text


def _years(day: date, years: int) -> date:
    """The same day so many years later; the last of February where that year lacks it."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
