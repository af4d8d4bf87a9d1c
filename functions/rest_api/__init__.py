"""The REST door of a dissemination unit, behind API Gateway."""
