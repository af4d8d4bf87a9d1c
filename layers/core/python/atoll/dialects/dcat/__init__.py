"""DCAT-AP: a record as JSON-LD."""
