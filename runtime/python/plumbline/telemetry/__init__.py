"""What the log holds: lines, metrics, and no secret."""
