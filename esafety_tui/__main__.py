"""python -m esafety_tui is esafety."""

from esafety_tui.cli.main import run

run()
