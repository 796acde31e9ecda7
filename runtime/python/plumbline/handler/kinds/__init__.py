"""How results and errors leave, by the kind of the function."""
