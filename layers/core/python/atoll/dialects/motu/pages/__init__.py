"""Pages that the Motu door shows to people: HTML without a script."""
