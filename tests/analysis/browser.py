"""A real browser without a window: what a page holds after its scripts ran, and how it fits."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROBE = """
<script>
addEventListener("load", function () {
  const style = getComputedStyle(document.body);
  const wide = Array.from(document.querySelectorAll("main *")).filter(function (e) {
    return !e.closest(".wide, pre, svg") && e.getBoundingClientRect().right > innerWidth + 1;
  });
  parent.postMessage([
    innerWidth, document.documentElement.scrollWidth, style.backgroundColor, style.color,
    wide.length ? wide[0].outerHTML.slice(0, 80) : "nothing",
  ].join(";"), "*");
});
</script>
"""
FRAME = '<iframe src="{page}" width="{width}" height="900" style="border:0"></iframe>'
HOST = """<!doctype html>
<script>
addEventListener("message", function (e) {{
  const n = Array.from({{length: frames.length}}, function (_, n) {{ return frames[n]; }});
  document.documentElement.setAttribute("data-probe-" + n.indexOf(e.source), e.data);
}});
</script>
{frames}
"""
"""A window has a least width, a frame in it has none."""
Probe: TypeAlias = tuple[list[int], list[str]]
"""The width of the window and of the page; the page's colours and what hangs out of it."""
GUARD = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
"""What forbids a page to run any script but its own; the probe is not its own."""


def browser() -> str:
    """The program, or skip the test."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser here: none of {', '.join(NAMES)} is installed")
    return found


def dom(page: Path, tmp: Path, *more: str, query: str = "") -> str:
    """The document after its scripts ran."""
    command = [browser(), *FLAGS, f"--user-data-dir={tmp / 'profile'}", *more, "--dump-dom"]
    done = subprocess.run(
        [*command, page.as_uri() + query], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


def calls(page: Path, tmp: Path) -> tuple[list[str], list[str]]:
    """What a page asked of the network, and what it wrote to the console."""
    log = tmp / "net.json"
    command = [browser(), *FLAGS, f"--user-data-dir={tmp / 'profile'}", f"--log-net-log={log}"]
    shown = ["--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom"]
    done = subprocess.run(
        [*command, *shown, page.as_uri()], capture_output=True, check=True, timeout=60
    )
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = [e["params"] for e in events if "url" in e.get("params", {})]
    # The browser itself asks its maker for updates, on behalf of no page.
    urls = {p["url"] for p in asked if "file:" in str(p.get("network_isolation_key"))}
    said = [line for line in done.stderr.decode().splitlines() if "CONSOLE" in line]
    return sorted(url for url in urls if not url.startswith(("file:", "data:"))), said


def driven(page: Path, tmp: Path, script: str) -> str:
    """The document after a script of the test did what a reader would do."""
    copy = page.with_name(f"driven-{page.name}")
    text = GUARD.sub("", page.read_text(encoding="utf-8"))
    copy.write_text(f"{text}<script>{script}</script>", encoding="utf-8")
    shown = dom(copy, tmp, "--virtual-time-budget=2000")
    copy.unlink()
    return shown


def probed(page: Path, tmp: Path, width: int, *, dark: bool = False) -> Probe:
    """One page in a window of this width."""
    (found,) = probed_all([(page, width)], tmp, dark=dark)
    return found


def probed_all(asked: Sequence[tuple[Path, int]], tmp: Path, *, dark: bool = False) -> list[Probe]:
    """Pages in windows of these widths, all in one start of the browser."""
    copies = {page: page.with_name(f"probe-{page.name}") for page, _ in asked}
    for page, copy in copies.items():
        copy.write_text(GUARD.sub("", page.read_text(encoding="utf-8")) + PROBE, encoding="utf-8")
    frames = [FRAME.format(page=copies[page].as_uri(), width=width) for page, width in asked]
    host = tmp / "host.html"
    host.write_text(HOST.format(frames="\n".join(frames)), encoding="utf-8")
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    shown = dom(host, tmp, "--window-size=1400,1000", "--virtual-time-budget=3000", *scheme)
    for copy in copies.values():
        copy.unlink()
    return [_probe(shown, n) for n in range(len(asked))]


def _probe(shown: str, n: int) -> Probe:
    found = re.search(rf'data-probe-{n}="([^"]*)"', shown)
    assert found is not None, shown[:500]
    parts = found[1].split(";")
    return [int(parts[0]), int(parts[1])], parts[2:]
