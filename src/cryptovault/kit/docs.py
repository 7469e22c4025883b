"""The OpenAPI document as one page: no scripts, nothing from elsewhere, so it works offline and under our CSP."""

import json
from html import escape
from typing import Any

_STYLE = """body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
code,pre{font:13px/1.4 ui-monospace,monospace}pre{overflow:auto;background:#8881;padding:.75rem;border-radius:6px}
summary{cursor:pointer;padding:.4rem 0}
details{border-top:1px solid #8883}td,th{text-align:left;padding:.2rem .8rem .2rem 0}
.m{display:inline-block;min-width:4.5rem;font-weight:700}"""


def documentation_page(document: dict[str, Any]) -> str:
    """Render the whole document."""
    groups: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(_operation(method, path, operation))
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(parts)}" for tag, parts in groups.items())
    schemas = "".join(_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    title = f"{document['info']['title']} API {document['info']['version']}"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>"
        '<p>The machine-readable form is <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). '
        "Amounts and prices are decimal strings; times are ISO 8601 in UTC.</p>"
        f"{sections}<h2>Schemas</h2>{schemas}"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td><code>{escape(row['name'])}</code><td>{row['in']}<td>{escape(row.get('description', ''))}"
        for row in operation.get("parameters", [])
    )
    table = f"<table>{parameters}</table>" if parameters else ""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    request = f"<p>Body: {_reference(body)}</p>" if body else ""
    answers = "".join(_answer(status, answer) for status, answer in operation.get("responses", {}).items())
    text = escape(operation.get("description", ""))
    return (
        f'<details><summary><span class="m">{method.upper()}</span> <code>{escape(path)}</code></summary>'
        f"<p>{text}</p>{table}{request}<table>{answers}</table></details>"
    )


def _answer(status: str, answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    shape = _reference(schema) if "$ref" in schema else ""
    return f"<tr><td>{status}<td>{escape(answer.get('description', ''))}<td>{shape}"


def _reference(schema: dict[str, Any]) -> str:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return f'<a href="#{escape(name)}">{escape(name)}</a>' if name else f"<code>{escape(json.dumps(schema))}</code>"


def _schema(name: str, schema: dict[str, Any]) -> str:
    text = escape(json.dumps(schema, indent=2, ensure_ascii=False))
    return f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary><pre>{text}</pre></details>'
