"""Every import of one module by another, of the files that come as JSON: path → text. Prints [file, target] of each."""

import ast
import json
import posixpath
import sys


def imports_of(file, text, files):
    for node in ast.walk(ast.parse(text, file)):
        for module, names in modules_of(node, file):
            for target in targets_of(module, names, files):
                yield file, target


def modules_of(node, file):
    """A module as the path that it may have, and what is imported from it."""
    if isinstance(node, ast.Import):
        yield from ((alias.name.replace(".", "/"), []) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        folder = file
        for _ in range(node.level):
            folder = posixpath.dirname(folder)
        written = (node.module or "").replace(".", "/")
        yield posixpath.join(folder, written).rstrip("/") if node.level else written, [alias.name for alias in node.names]


def targets_of(module, names, files):
    """`from .room import part` means a module `part`, or what the room itself holds."""
    found = [file_of(f"{module}/{name}", files) or file_of(module, files) for name in names] or [file_of(module, files)]
    return sorted({target for target in found if target})


def file_of(module, files):
    # An absolute name begins somewhere below the root.
    candidates = (f"{module}.py", f"{module}/__init__.py")
    return next((file for file in files for end in candidates if file == end or file.endswith(f"/{end}")), None)


files = json.load(sys.stdin)
json.dump([found for file, text in files.items() for found in imports_of(file, text, files)], sys.stdout)
