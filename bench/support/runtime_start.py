"""
Loads modules in a fresh process that has loaded what Lambda's runtime interface client has, and tells what that took in milliseconds.

As if there were no boto3: Powertools loads it with itself where there is one, which takes longer than all the rest.
"""

import json
import sys
import time
from importlib import import_module

import awslambdaric.bootstrap  # noqa: F401

sys.modules.update(dict.fromkeys(("boto3", "botocore")))

modules = sys.argv[1:]
started, cpu = time.perf_counter(), time.process_time()
for module in modules:
    import_module(module)
print(json.dumps({"ms": (time.perf_counter() - started) * 1_000, "cpuMs": (time.process_time() - cpu) * 1_000}))
