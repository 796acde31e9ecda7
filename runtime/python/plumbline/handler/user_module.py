"""Loads the handler that a handler string such as `folder/file.handler` names, by the rules of Lambda's own runtime."""

import sys
from importlib import import_module

from .call.user_handler import UserHandler


class UserModuleError(Exception):
    """A handler that cannot be loaded. The names are those of Lambda's own runtime, so that nothing changes for who reads them."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)


def load_user_handler(handler_string: str) -> UserHandler:
    module_path, dot, function = handler_string.rpartition(".")
    module_name = module_path.replace("/", ".")
    if not dot or not module_name or not function or module_name.startswith("."):
        raise UserModuleError(
            "Runtime.MalformedHandlerName", f'"{handler_string}" is no handler name; it should read as "folder/file.function"'
        )
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise UserModuleError("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = import_module(module_name)
    except ImportError as error:
        raise UserModuleError("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise UserModuleError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}") from error
    handler: object = getattr(module, function, None)
    if handler is None:
        raise UserModuleError("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_name}'")
    if not callable(handler):
        raise UserModuleError("Runtime.HandlerNotFound", f"Handler '{function}' of module '{module_name}' is not callable")
    return handler
