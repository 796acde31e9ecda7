"""Objects of data classes, without the module for them: it takes a start longer than any of ours."""


def try_data_class_members(value: object) -> dict[str, object] | None:
    """The members of an object of a data class, by name; None for anything else."""
    if not hasattr(type(value), "__dataclass_fields__"):
        return None
    # Whoever has made a data class has loaded it.
    from dataclasses import fields

    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
