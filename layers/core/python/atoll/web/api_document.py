"""The OpenAPI document: FastAPI's, with the request schemas of our own parsers put in."""

from typing import Any

from fastapi import FastAPI

from atoll.dialects.delivery.note import NoteDocument
from atoll.dialects.rest.wire import Execute

REFERENCE = "#/components/schemas/{model}"
EXECUTE = {"$ref": REFERENCE.format(model="Execute")}
NOTE = {"$ref": REFERENCE.format(model="NoteDocument")}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


BODY = _body(EXECUTE)
NOTE_BODY = _body(NOTE)
QUOTE_BODY = _body({"allOf": [EXECUTE, {"required": ["inputs"]}]})
# FastAPI documents a 422 of its own making; our parser answers 400, as a problem.
NEVER_SENT = {"HTTPValidationError", "ValidationError"}


def document_api(app: FastAPI) -> None:
    """Let the application's OpenAPI document tell what it really takes and answers."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    models = (Execute, NoteDocument) if "/deliveries" in document["paths"] else (Execute,)
    for model in models:
        schema = model.model_json_schema(ref_template=REFERENCE)
        schemas |= schema.pop("$defs") | {model.__name__: schema}
    for name in NEVER_SENT:
        schemas.pop(name, None)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return document
