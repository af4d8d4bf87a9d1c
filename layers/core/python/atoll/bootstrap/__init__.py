"""Settings to ports: the only reader of environment, clock and random numbers."""
