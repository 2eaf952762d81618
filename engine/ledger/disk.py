"""Tells whether a file lies on a network disk, where SQLite's locks cannot be relied on."""

from __future__ import annotations

import re
import sys
from pathlib import Path

NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "afpfs",
        "ceph",
        "glusterfs",
        "fuse.glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "orangefs",
        "ocfs2",
        "gfs2",
        "davfs",
        "fuse.davfs",
        "fuse.davfs2",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.gcsfuse",
        "fuse.rclone",
        "fuse.blobfuse",
        "fuse.blobfuse2",
        "fuse.juicefs",
        "webdav",
        "drvfs",
        "vboxsf",
        "prl_fs",
    ]
)
_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")


def network_disk(path: Path, mounts: str | None = None) -> str | None:
    """The kind of network disk that holds `path`; None for a local disk, or where nobody tells.

    `mounts` is the text of Linux's ``/proc/self/mountinfo``.
    """
    if sys.platform == "win32":
        return _windows(path)
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    kind = _kind(path.resolve(), mounts)
    return kind if kind in NETWORK else None


def _kind(path: Path, mounts: str) -> str:
    """The file system of the longest mount point above a path; the last mount on it holds."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_OCTAL.sub(lambda m: chr(int(m[1], 8)), fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ", 1)[0]
    return kind


def _windows(path: Path) -> str | None:
    if sys.platform != "win32":
        return None
    import ctypes

    drive = path.resolve().drive
    remote = 4  # DRIVE_REMOTE
    if drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == remote:
        return "network"
    return None
