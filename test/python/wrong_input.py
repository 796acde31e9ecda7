"""Wrong input is refused in Python with the same four lines as in TypeScript. Ends with 1 when it is not."""

import sys

from aws_cdk import App, Stack
from cdk_plumbline import BedrockTaskRole, CatalogMetric, MissingMetricAlarm

PARTS = ("given:", "allowed:", "fix:")

CASES = {
    "a wildcard": lambda stack: BedrockTaskRole(stack, "Role", allowed_models=["anthropic.*"]),
    "no model at all": lambda stack: BedrockTaskRole(stack, "Role", allowed_models=[]),
    "an alarm without standards": lambda stack: MissingMetricAlarm(
        stack, "Alarm", metric=CatalogMetric.BEDROCK_INVOCATION_COUNT
    ),
    "an alarm on good news": lambda stack: MissingMetricAlarm(stack, "Alarm", metric=CatalogMetric.ERROR_COUNT),
}


def fault_of(name, create):
    """Says why the error of a case teaches nothing; None when it teaches."""
    stack = Stack(App(), "Teaching")
    try:
        create(stack)
    except Exception as error:  # jsii raises RuntimeError or its own JSIIError, by version
        message = str(error)
        missing = [part for part in ("[Teaching", *PARTS) if part not in message]
        return f"{name}: the error lacks {', '.join(missing)}: {message}" if missing else None
    return f"{name}: accepted"


faults = [fault for fault in (fault_of(*case) for case in CASES.items()) if fault]
print("\n".join(faults) or f"{len(CASES)} wrong inputs refused")
sys.exit(1 if faults else 0)
