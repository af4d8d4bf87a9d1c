"""OGC API - Records: a record as GeoJSON."""
