"""The Motu door: what motuclient, and browsers of MOTU's pages, ask."""
