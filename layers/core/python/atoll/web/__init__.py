"""FastAPI glue: routes, problems, identity, observability."""
