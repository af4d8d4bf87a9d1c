"""Takes up a note that a producer has left."""
