"""The WCS door of a dissemination unit, behind API Gateway."""
