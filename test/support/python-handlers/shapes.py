"""A handler that does what the event says: whatever Python functions return and raise."""

import asyncio, datetime, decimal, os, sys, threading, time, uuid
from plumbline import EnvelopeError, logger, partial, success

class Unshown(Exception):
    def __str__(self): raise RuntimeError("no text")

class ThrottlingException(Exception): pass

async def answer():
    await asyncio.sleep(0.01)
    return {"from": "asyncio"}

def tokens():
    yield "a"
    yield "b"

def leak(): raise RuntimeError("arn:aws:iam::123456789012:role/x password=hunter2")

def thread():
    worker = threading.Thread(target=leak)
    worker.start(); worker.join()
    return {"ok": True}

def swallow():
    while True:
        try:
            time.sleep(30)
        except Exception:
            pass

SHAPES = {
    "data": lambda: {"ok": True},
    "nothing": lambda: None,
    "decimal": lambda: {"whole": decimal.Decimal("7"), "exact": decimal.Decimal("12345678901234567890.5")},
    "datetime": lambda: {"at": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)},
    "set": lambda: {"tags": {"a"}},
    "generator": lambda: tokens(),
    "bytes": lambda: b"text",
    "uuid": lambda: {"id": uuid.UUID(int=1)},
    "object": lambda: object(),
    "asyncio": lambda: asyncio.run(answer()),
    "coroutine": lambda: answer(),
    "partial": lambda: partial([1], ThrottlingException("slow")),
    "not found": lambda: (_ for _ in ()).throw(EnvelopeError("NOT_FOUND", "No such order.")),
    "throttled": lambda: (_ for _ in ()).throw(ThrottlingException("slow")),
    "leak": leak,
    "returned error": lambda: RuntimeError("arn:aws:iam::123456789012:role/x"),
    "exit": lambda: sys.exit(3),
    "interrupt": lambda: (_ for _ in ()).throw(KeyboardInterrupt()),
    "unshown": lambda: (_ for _ in ()).throw(Unshown()),
    "group": lambda: (_ for _ in ()).throw(ExceptionGroup("several", [ValueError("a"), ThrottlingException("b")])),
    "recursion": lambda: recursion(),
    "thread": thread,
    "large": lambda: "x" * 7_000_000,
    "large and not ASCII": lambda: "é" * 2_500_000,
    "slow": lambda: time.sleep(30),
    "slow asyncio": lambda: asyncio.run(asyncio.sleep(30)),
    "swallows": swallow,
    "proxy": lambda: {"statusCode": 201, "body": '{"id": 7}'},
    "failed proxy": lambda: {"statusCode": 500, "body": "Traceback (most recent call last): /var/task/app.py"},
    "batch": lambda: {"batchItemFailures": [{"itemIdentifier": "m1"}]},
}

def recursion(): return recursion()

def handler(event, context):
    logger.info("asked", {"what": event["what"], "password": "hunter2"})
    return SHAPES[event["what"]]()
