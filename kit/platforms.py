"""The computers a kit can be made for, and what pip and the markers of a requirement call them."""

from __future__ import annotations

from dataclasses import dataclass

# A platform tag is a floor: a wheel for an older system runs on a newer one.
_LINUX = tuple(f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 26, 24, 17, 12, 5))
_LINUX_OLD_NAMES = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")


@dataclass(frozen=True)
class Platform:
    """One kind of computer. tags: for pip, best first; markers: PEP 508 variables; needs: said to people."""

    name: str
    tags: tuple[str, ...]
    sys_platform: str
    system: str
    os_name: str
    machine: str
    needs: str

    def environment(self, python: str) -> dict[str, str]:
        """The variables by which a requirement asks what it is installed on. python: like "3.11"."""
        return {
            "sys_platform": self.sys_platform,
            "platform_system": self.system,
            "os_name": self.os_name,
            "platform_machine": self.machine,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }


PLATFORMS = {
    one.name: one
    for one in (
        Platform(
            "linux_x86_64", (*_LINUX, *_LINUX_OLD_NAMES), "linux", "Linux", "posix", "x86_64",
            "Linux on a 64-bit Intel or AMD processor, from 2019 or later (glibc 2.28)",
        ),
        Platform("macos_arm64", ("macosx_14_0_arm64",), "darwin", "Darwin", "posix", "arm64",
                 "a Mac with an Apple processor, macOS 14 or newer"),
        Platform("win_amd64", ("win_amd64",), "win32", "Windows", "nt", "AMD64",
                 "Windows 10 or 11 on a 64-bit Intel or AMD processor"),
    )
}  # fmt: skip
