"""Settings to ports: the only reader of environment, clock and random numbers.

One module for each kind of process, so that none imports what only another needs.
"""
