"""What the suite starts for each client scenario: hands it to the process at ``HAND_OVER``."""

from __future__ import annotations

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect(os.environ["HAND_OVER"])
    told = {name: value for name, value in os.environ.items() if name.startswith("MCP_CONFORMANCE")}
    line.sendall(json.dumps({"url": sys.argv[-1], "environment": told}).encode() + b"\n")
    answer = b"".join(iter(lambda: line.recv(65536), b""))
problem = json.loads(answer)["problem"]
sys.stderr.write(problem)
sys.exit(bool(problem))
