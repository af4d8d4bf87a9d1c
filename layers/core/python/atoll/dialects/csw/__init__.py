"""What goes to pycsw, made harmless, and refusals in the words of its protocols: wire, pure."""
