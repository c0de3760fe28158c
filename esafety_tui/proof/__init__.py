"""The search that proves a pack safe: `check(pack)` gives a Report."""

from esafety_tui.proof.properties import check
from esafety_tui.proof.report import Finding, Property, Report

__all__ = ["Finding", "Property", "Report", "check"]
