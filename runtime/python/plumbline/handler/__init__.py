"""Puts the standard around a handler."""
