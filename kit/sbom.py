"""What the program is made of, as a CycloneDX 1.6 document: every part, its version, licence and hashes.

The same parts give the same bytes: its serial number is made from its contents, and it carries no time.
"""

from __future__ import annotations

import email
import importlib.metadata
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from uuid import UUID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.markers import default_environment

from kit.wheels import LOCK, OURSELVES, BuildError, Part, closure, name_of

_SPACE = UUID("6b1f4a0e-51cf-4c0e-8a63-3b8d1f2f9c11")
#: Licences that older packages name by a classifier alone.
_CLASSIFIED = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
#: Packages that name no licence in their metadata: what their own LICENSE file is.
_READ_BY_US = {"sqlcipher3": "Zlib"}


@dataclass(frozen=True)
class Extra:
    """A part that is no Python package, such as Python itself: name, version, licence, SHA-256 in hex."""

    name: str
    version: str
    licence: str
    sha256: str


def document(parts: Mapping[str, Part], hashes: Mapping[str, str], extras: Iterable[Extra] = ()) -> str:
    """The document, as JSON text with a line end.

    parts: by name, the program and all it needs. hashes: name -> SHA-256 of the file, where there is one.
    """
    bom = Bom()
    made = {name: _component(part.metadata, hashes.get(name)) for name, part in sorted(parts.items())}
    for name, component in made.items():
        if name == OURSELVES:
            bom.metadata.component = component
        else:
            bom.components.add(component)
    for name, part in sorted(parts.items()):
        bom.register_dependency(made[name], [made[one] for one in part.needs])
    for extra in extras:
        component = _extra(extra)
        bom.components.add(component)
        bom.register_dependency(made[OURSELVES], [component])
    whole = json.loads(JsonV1Dot6(bom).output_as_string())
    # Made of the contents alone, so that two people who build the same kit can compare it.
    whole["metadata"].pop("timestamp", None)
    whole.pop("serialNumber", None)
    whole["serialNumber"] = f"urn:uuid:{uuid5(_SPACE, json.dumps(whole, sort_keys=True))}"
    return json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def licence(told: Message) -> str:
    """The licence that a package names for itself: an SPDX expression where it has one, else its own words, or ""."""
    if expression := told["License-Expression"]:
        return str(expression)
    classified = [_CLASSIFIED[one] for one in told.get_all("Classifier", []) if one in _CLASSIFIED]
    if classified:
        return " OR ".join(classified)
    words = str(told["License"] or "").strip()
    return words if 0 < len(words) < 80 and "\n" not in words else _READ_BY_US.get(name_of(told), "")


def _component(told: Message, sha256: str | None) -> Component:
    name, version = name_of(told), str(told["Version"])
    ourselves = name == OURSELVES
    named = licence(told)
    return Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION if ourselves else ComponentType.LIBRARY,
        bom_ref=f"{name}=={version}",
        purl=None if ourselves else PackageURL("pypi", None, name, version),
        description=re.sub(r"\s+", " ", str(told["Summary"] or "")) or None,
        licenses=[_licence(named)] if named else [],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)] if sha256 else [],
    )


def _extra(extra: Extra) -> Component:
    return Component(
        name=extra.name,
        version=extra.version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{extra.name}=={extra.version}",
        licenses=[_licence(extra.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=extra.sha256)],
    )


def _licence(named: str) -> License:
    made: License = LicenseFactory().make_from_string(named)
    return made


def installed() -> dict[str, Part]:
    """The program and what it needs to run, as installed beside it on this computer, by name.

    Raises BuildError where a part is installed in another version than the lock names, or is not installed.
    """
    told = [one.read_text("METADATA") or "" for one in importlib.metadata.distributions()]
    here = {name: str(value) for name, value in default_environment().items()}
    found = closure(map(email.message_from_string, filter(None, told)), here)
    pinned = set(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    for name, part in found.items():
        version = str(part.metadata["Version"])
        if name != OURSELVES and (name, version) not in pinned:
            raise BuildError(f"{name} {version} is installed, and requirements.lock names another. Run make run.")
    return found
