"""Read planned chunks, write the result: arrays and bytes, no tables."""
