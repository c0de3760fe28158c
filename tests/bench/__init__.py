"""Benchmarks: how long the program takes beside the least that the same machine needs for the same work.

`make bench` prints each figure with its floor, measured in the same run and in turn with it, and the ratio that is
aimed at. Nothing here fails because a machine is slow.
"""
