"""The CAS door as a FastAPI application: central's, in front of the user pool."""
