"""How far the shop has come on its way from plain CDK to the standard."""

from enum import IntEnum

from cdk_plumbline import Checks, Envelope


class Step(IntEnum):
    """Each step is one change that is deployed by itself."""

    PLAIN = 0
    STANDARDS = 1
    WARNED = 2
    LAYER = 3
    ENVELOPE = 4
    DONE = 5


def checks_at(step: Step) -> Checks:
    if step == Step.STANDARDS:
        return Checks.OFF
    return Checks.WARN if step < Step.DONE else Checks.ERROR


def envelope_at(step: Step) -> Envelope:
    return Envelope.LOG_ONLY if step < Step.ENVELOPE else Envelope.ON
