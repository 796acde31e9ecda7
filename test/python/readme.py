"""Runs the Python stack of the README."""
import re
from pathlib import Path

readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
block = re.search(r"<!-- readme:python -->\s*```python\n(.*?)```", readme, re.S)
assert block, "README.md has no block readme:python"
exec(compile(block.group(1), "README.md", "exec"))
