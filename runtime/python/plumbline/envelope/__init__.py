"""The one shape of every answer."""
