"""The outbox: what is to be sent is first a document, written with the request; the worker delivers it."""
