"""Versions of a policy, in memory."""

from dataclasses import dataclass, field

from atoll.model.policy import UNWRITTEN, PolicyVersion
from tests.fakes.available import demand_up


@dataclass
class FakePolicies:
    """The port Policies.

    Attributes:
        kept: by number.
    """

    available: bool = True
    kept: dict[int, PolicyVersion] = field(default_factory=dict)

    def current(self) -> PolicyVersion:
        demand_up("policy", available=self.available)
        return self.kept[max(self.kept)] if self.kept else UNWRITTEN

    def put(self, version: PolicyVersion) -> bool:
        demand_up("policy", available=self.available)
        if version.number in self.kept:
            return False
        self.kept[version.number] = version
        return True

    def versions(self, limit: int) -> list[PolicyVersion]:
        demand_up("policy", available=self.available)
        return [self.kept[number] for number in sorted(self.kept, reverse=True)][:limit]
