"""The CAS door of central, behind API Gateway."""
