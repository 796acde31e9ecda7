"""How many cases are generated for each property."""

import os

GENERATED_CASES = int(os.environ.get("PLUMBLINE_GENERATED_RESULTS", "20000"))
