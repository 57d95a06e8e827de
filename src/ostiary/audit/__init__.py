"""One audit from target to verdict: the only place that composes analyze, supply and surface."""
