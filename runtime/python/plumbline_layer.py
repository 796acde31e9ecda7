"""What Lambda calls."""

import gc
import os
import sys

# What loads leaves no garbage, and to look for it again and again takes a start longer than most modules do. On again for the user's own.
gc.disable()
# The version in use is the one that was deployed, also when the function ships its own copy, for its unit tests for example.
_layer = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 -- pathlib takes longer to load
sys.path.insert(0, _layer)
try:
    import plumbline  # noqa: F401
finally:
    sys.path.remove(_layer)
# Last: a Powertools of the function's own, or of another layer, is the one that the function gets.
sys.path.append(os.path.join(os.path.dirname(_layer), "plumbline-packages"))  # noqa: PTH118, PTH120

from plumbline.handler.layer.start_function import start_function  # noqa: E402

# Here, so that a failed start fails the init, not the first request.
handler = start_function()
