"""The STAC API: what is asked, and the documents it is answered with. Wire, pure."""
