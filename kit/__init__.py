"""Builds what is carried to a computer that has no network: one folder a platform, with everything in it.

Nothing here is part of the program. `kit/carried` goes along as it is and needs nothing but Python's own library.
"""
