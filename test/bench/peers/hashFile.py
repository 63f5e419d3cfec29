"""A checksum as the Python ingestor computes it; prints the milliseconds as JSON."""

import hashlib
import json
import sys
import time

start = time.perf_counter()
digest = hashlib.new("blake2b")
buffer = bytearray(128 * 1024)
view = memoryview(buffer)
with open(sys.argv[1], "rb", buffering=0) as file:
    while count := file.readinto(view):
        digest.update(view[:count])
digest.hexdigest()
print(json.dumps({"ms": (time.perf_counter() - start) * 1000}))
