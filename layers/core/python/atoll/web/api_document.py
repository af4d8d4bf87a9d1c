"""The OpenAPI document: FastAPI's, with the request schema of our own parser put in."""

from typing import Any

from fastapi import FastAPI

from atoll.dialects.rest.wire import Execute

REFERENCE = "#/components/schemas/{model}"
EXECUTE = {"$ref": REFERENCE.format(model="Execute")}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


BODY = _body(EXECUTE)
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
    execute = Execute.model_json_schema(ref_template=REFERENCE)
    schemas = document["components"]["schemas"]
    schemas |= execute.pop("$defs") | {"Execute": execute}
    for name in NEVER_SENT:
        schemas.pop(name, None)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return document
