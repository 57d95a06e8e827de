"""A program that serves its standard streams with the scripted relay, and prints beside it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import uvloop

from gateway.downstream_parts import ANN, Scripted
from ostiary.gateway.downstream.limits import Limiter
from ostiary.gateway.downstream.settings import Limits
from ostiary.gateway.downstream.stdio import Stdio, claim_stdout
from ostiary.gateway.ports import Inbound, Outbound


class Loud(Scripted):
    """Tells on standard error what became of it."""

    async def end(self, inbound: Inbound) -> Outbound:
        sys.stderr.write(f"ended {inbound.session}\n")
        return await super().end(inbound)


async def main() -> None:
    limits = Limits(body_bytes=100_000, calls_per_caller=8)
    sink = claim_stdout()
    sys.stdout.write("a library prints\n")
    os.write(1, b"another writes\n")
    relay = Loud()
    await Stdio(relay, ANN, "", limits, Limiter(limits, time.monotonic)).serve(
        sys.stdin.buffer, sink
    )
    sys.stderr.write(" ".join(["cancelled", *relay.cancelled]))


if __name__ == "__main__":
    uvloop.run(main())
