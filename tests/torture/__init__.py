"""The proof by breaking it: `make torture` tries every point and prints what it found.

Each chapter is a file with a function `run(place, sample)` that gives a Tally: `place` is a folder of its own,
`sample` says that every so many points are tried (1: all). test_quick.py runs a sample of those chapters that no
other test tries.
"""
