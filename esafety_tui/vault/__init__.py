"""Keys: the header of a home, slots, recovery sheets, back-off, the lock, heads outside the home. No SQL.

`header`, `lock`, `heads` and `tries` load the standard library (and filelock, platformdirs) alone, so
that the password screen can be painted before the cryptography is loaded; `home` and `changes` are the
doors to the keys.
"""
