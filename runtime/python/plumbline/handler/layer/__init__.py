"""What runs in Lambda only."""
