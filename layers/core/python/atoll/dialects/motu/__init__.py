"""The Motu door: the protocol of motuclient 3."""
