"""esafety: what to do, and what to write down, when a school has an online-safety incident."""

__version__ = "0.1.0"
