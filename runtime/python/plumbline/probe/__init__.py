"""What the role may do, asked while the function starts."""
