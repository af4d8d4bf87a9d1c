"""What a federation has once: identity."""
