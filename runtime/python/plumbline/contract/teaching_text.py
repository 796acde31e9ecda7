"""What an error says that teaches."""

from json import dumps


def teaching_text(where: str, *, problem: str, given: object, allowed: str, fix: str) -> str:
    """The text of an error that names where it happened, what was given, what is allowed, and one way to mend it."""
    return "\n".join([f"[{where}] {problem}.", f"  given:   {_shown(given)}", f"  allowed: {allowed}", f"  fix:     {fix}"])


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    try:
        return dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)
