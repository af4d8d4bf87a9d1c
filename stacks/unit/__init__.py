"""One dissemination unit: it takes plain strings and can be deployed alone, in any account."""
