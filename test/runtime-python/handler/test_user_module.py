import os
import subprocess
import sys
from importlib import invalidate_caches
from pathlib import Path

import pytest
from plumbline.handler.user_module import UserModuleError, load_user_handler

FILES = {
    "plumbline_user_index.py": "def handler(event, context): return 'index'\ntext = 'text'\nnothing = None",
    "plumbline_user_package/__init__.py": "from .main import handler",
    "plumbline_user_package/main.py": "def handler(event, context): return 'main'",
    "plumbline_user_syntax.py": "def handler(",
    "plumbline_user_needs.py": "import plumbline_user_nowhere",
}


@pytest.fixture(autouse=True)
def _modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    invalidate_caches()


@pytest.mark.parametrize(
    ("handler_string", "answer"),
    [
        ("plumbline_user_index.handler", "index"),
        ("plumbline_user_package.handler", "main"),
        ("plumbline_user_package.main.handler", "main"),
        ("plumbline_user_package/main.handler", "main"),
    ],
)
def test_is_found_by_the_rules_of_lambda(handler_string: str, answer: str) -> None:
    assert load_user_handler(handler_string)(None, None) == answer


@pytest.mark.parametrize(
    ("handler_string", "name", "message"),
    [
        ("handler", "Runtime.MalformedHandlerName", '"handler" is no handler name; it should read as "folder/file.function"'),
        ("", "Runtime.MalformedHandlerName", '"" is no handler name; it should read as "folder/file.function"'),
        (".handler", "Runtime.MalformedHandlerName", '".handler" is no handler name; it should read as "folder/file.function"'),
        ("index.", "Runtime.MalformedHandlerName", '"index." is no handler name; it should read as "folder/file.function"'),
        ("..a.handler", "Runtime.MalformedHandlerName", '"..a.handler" is no handler name; it should read as "folder/file.function"'),
        ("sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"),
        ("sys.x.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys.x as a handler module"),
        (
            "plumbline_user_nowhere.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'plumbline_user_nowhere': No module named 'plumbline_user_nowhere'",
        ),
        (
            "plumbline_user_needs.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'plumbline_user_needs': No module named 'plumbline_user_nowhere'",
        ),
        (
            "plumbline_user_syntax.handler",
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'plumbline_user_syntax': '(' was never closed (plumbline_user_syntax.py, line 1)",
        ),
        ("plumbline_user_index.x", "Runtime.HandlerNotFound", "Handler 'x' missing on module 'plumbline_user_index'"),
        ("plumbline_user_index.nothing", "Runtime.HandlerNotFound", "Handler 'nothing' missing on module 'plumbline_user_index'"),
        ("plumbline_user_index.text", "Runtime.HandlerNotFound", "Handler 'text' of module 'plumbline_user_index' is not callable"),
    ],
)
def test_that_cannot_be_loaded_is_told_in_the_words_of_lambda(handler_string: str, name: str, message: str) -> None:
    with pytest.raises(UserModuleError) as raised:
        load_user_handler(handler_string)
    assert (raised.value.name, str(raised.value)) == (name, message)


@pytest.mark.parametrize("code", ["collects = gc.isenabled()\ndef handler(event, context): return collects", "raise SystemExit"])
def test_garbage_is_collected_again_once_the_function_loads(tmp_path: Path, code: str) -> None:
    (tmp_path / "plumbline_user_start.py").write_text(f"import gc\n{code}", encoding="utf-8")
    start = (
        "import gc\ntry:\n  import plumbline_layer\n  print(plumbline_layer.handler({}, None))\nexcept Exception:\n  print(gc.isenabled())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PLUMBLINE_HANDLER": "plumbline_user_start.handler"}
    told = subprocess.run([sys.executable, "-c", start], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "True"
