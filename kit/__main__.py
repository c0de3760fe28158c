"""python -m kit PLATFORM writes a kit; python -m kit sbom writes down what this installation is made of."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kit import sbom
from kit.build import Embedded, build, embedded
from kit.carried import install
from kit.platforms import PLATFORMS
from kit.wheels import ROOT, BuildError

_NO_PYTHON = """\
A kit for Windows brings Python with it, and there is no Python to put in.

Get the "Windows embeddable package (64-bit)" of Python 3.11 or newer from the makers of Python: a file named like
python-3.11.9-embed-amd64.zip. Compare its SHA-256 with the one that they publish. Then:

    make kit PLATFORM=win_amd64 PYTHON_EMBED=path/of/that/file

For computers that have Python already:  make kit PLATFORM=win_amd64 PYTHON_EMBED=none"""


def main(arguments: list[str]) -> int:
    """One call; gives the exit status: 0, or 2 where no kit was made."""
    given = _asked(arguments)
    try:
        if given.what == "sbom":
            return _sbom(given.out)
        return _kit(given)
    except BuildError as error:
        print(f"Nothing was made. {error}", file=sys.stderr)
    except OSError as error:
        print(f"Nothing was made. This computer says: {error.strerror or type(error).__name__}.", file=sys.stderr)
    return 2


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make kit", description="Write one folder that installs without a network.")
    parser.add_argument("what", choices=[*PLATFORMS, "sbom"], help="which computer it is for, or sbom")
    parser.add_argument("--python", action="append", metavar="3.11", help="for Linux and macOS; may be given again")
    parser.add_argument("--embed", default=os.environ.get("PYTHON_EMBED", ""), help="embeddable Python, or none")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    return parser.parse_args(arguments)


def _kit(given: argparse.Namespace) -> int:
    platform = PLATFORMS[given.what]
    embed: Embedded | None = None
    if platform.sys_platform == "win32" and given.embed != "none":
        if not given.embed:
            raise BuildError(_NO_PYTHON)
        embed = embedded(Path(given.embed))
        print(f"Python {embed.python} for Windows, SHA-256 {embed.sha256}: compare it with what its makers publish.")
    folder = build(platform, given.python or [".".join(map(str, sys.version_info[:2]))], embed, given.out)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if install.faults(folder):
        raise BuildError("What was written is not what was meant to be: is the disk failing?")
    print(f"{folder}: {size / (1 << 20):.0f} MiB, read again and whole.")
    print(f"Fingerprint, to be copied on paper and given along: {install.fingerprint(folder)}")
    if platform.sys_platform == "win32" and embed is None:
        print("It brings NO Python: it works only where Python is installed already, with its launcher py.")
    return 0


def _sbom(out: Path) -> int:
    out.mkdir(parents=True, exist_ok=True)
    file = out / "sbom.cdx.json"
    file.write_bytes(sbom.document(sbom.installed(), {}).encode("utf-8"))
    print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
