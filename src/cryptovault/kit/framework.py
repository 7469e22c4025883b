"""FastAPI, taught our manners: its own errors in our envelope, strict defaults, OpenAPI with raw routes."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from cryptovault.kit.call import SCOPE_KEY
from cryptovault.kit.declarations import SECURITY_SCHEMES, rules
from cryptovault.kit.engine_errors import ANSWERS, as_api_error
from cryptovault.kit.errors import ENVELOPE_SCHEMA, ApiError, BadInput, code_of, envelope, error_body

_MAX_DETAILS = 20


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error of the framework, of validation and of what we run on with the one envelope."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(Exception, _api_error)
    for kind in ANSWERS:
        app.add_exception_handler(kind, _api_error)


def _request_id(request: Request) -> str:
    call = request.scope.get(SCOPE_KEY)
    return call.request_id if call is not None else ""


def _answer(request: Request, error: ApiError) -> Response:
    response = Response(error_body(error, _request_id(request)), error.status, media_type="application/json")
    response.raw_headers.extend(error.headers())
    return response


async def _api_error(request: Request, error: Exception) -> Response:
    return _answer(request, as_api_error(error) or ApiError())


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    status = 400 if error.status_code == 422 else error.status_code  # noqa: PLR2004
    body = envelope(code_of(status), str(error.detail), _request_id(request))
    return Response(body, status, headers=error.headers, media_type="application/json")


async def _validation_error(request: Request, error: Exception) -> Response:
    """Name each field and its fault; the input itself is not repeated, it may be a password."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    faults = [_fault(fault) for fault in error.errors()[:_MAX_DETAILS]]
    message = f"{faults[0]['field']}: {faults[0]['message']}" if faults else BadInput.message
    return _answer(request, BadInput(message, details=faults))


def _fault(fault: dict[str, Any]) -> dict[str, str]:
    where = ".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0])
    return {"field": where[:100], "message": str(fault["msg"])[:300], "type": str(fault["type"])}


def openapi_document(app: FastAPI, bodies: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """The OpenAPI 3.1 document, with the bodies that raw routes decode by themselves."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    inputs = [(body, "validation") for body in bodies]
    _, definitions = models_json_schema(inputs, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    document.setdefault("components", {}).setdefault("schemas", {}).update(definitions.get("$defs", {}))
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    for rule in rules(app.routes):
        if (operation := document["paths"].get(rule.path, {}).get(rule.method.lower())) is not None:
            operation["security"] = rule.security()
    for operations in document["paths"].values():
        for operation in operations.values():
            _drop_framework_422(operation)
            _share_errors(operation, document["components"])
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document


def _drop_framework_422(operation: dict[str, Any]) -> None:
    """The framework documents a 422 of its own shape, which this API never sends."""
    response = operation.get("responses", {}).get("422", {})
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    if schema.get("$ref", "").endswith("HTTPValidationError"):
        del operation["responses"]["422"]


def _share_errors(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """Say once, for all routes, what the envelope is and what each code looks like."""
    for response in operation.get("responses", {}).values():
        content = response.get("content", {}).get("application/json", {})
        if content.get("schema") != ENVELOPE_SCHEMA:
            continue
        components["schemas"]["ErrorEnvelope"] = ENVELOPE_SCHEMA
        content["schema"] = {"$ref": "#/components/schemas/ErrorEnvelope"}
        shared = components.setdefault("examples", {})
        for code, example in content["examples"].items():
            shared.setdefault(code, example)
            content["examples"][code] = {"$ref": f"#/components/examples/{code}"}
