"""One call of a handler."""
