"""What the rules of ``emr_constructs.rules.acknowledgments`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case

WHY = {"reason": "The demo is public for one day"}

CASES = [
    Case("emr-acknowledgment", "Acknowledgments", {"acknowledge": [{"id": "emr-public-ingres", **WHY}]},
         "id must be the ID of a rule, got 'emr-public-ingres'; use emr-public-ingress",
         {"acknowledge": [{"id": "emr-public-ingress", **WHY}]}),
    Case("emr-acknowledgment", "CommandLineConfiguration",
         {"acknowledge": [{"id": "emr-public-ingress", "reason": " ", "files": ["*.yaml"]}]},
         "reason must be a non-empty string, got ' '",
         {"acknowledge": [{"id": "acme-cost-center", **WHY, "files": ["*.yaml"]}]}),
    Case("emr-acknowledgment", "Acknowledgments", {"acknowledge": [{"id": "emr-zzz", **WHY}]},
         "got 'emr-zzz'; run emr-constructs rules",
         {"acknowledge": [{"id": "emr-step-after-idle", **WHY}]}),
]  # fmt: skip
