"""The templates as CDK synthesises them: made once a process, read as plain documents."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stacks.assembly import DEMO, synthesise
from stacks.config import Federation, LoadBalancer, load_federation

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

type Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """One stack's template, and where its assets lie."""

    name: str
    body: Document
    path: Path

    def of_type(self, kind: str) -> dict[str, Document]:
        """Resources of one type, e.g. `AWS::S3::Bucket`, by logical id."""
        return {k: r for k, r in self.body["Resources"].items() if r["Type"] == kind}

    def only(self, kind: str, containing: str = "") -> tuple[str, Document]:
        """The one resource of a type whose logical id contains a text."""
        found = [(k, r) for k, r in self.of_type(kind).items() if containing in k]
        assert len(found) == 1, f"{kind} {containing!r}: {[k for k, _ in found]}"
        return found[0]

    def machine(self, purpose: str) -> Document:
        """The state machine for `extraction`, or for another purpose."""
        (found,) = [
            each
            for each in self.of_type("AWS::StepFunctions::StateMachine").values()
            if each["Properties"]["StateMachineName"].endswith(f"-{purpose}")
        ]
        return found

    def statements(self, role: str) -> list[Document]:
        """What a role may do: the statements of every policy attached to it."""
        return [
            statement
            for policy in self.of_type("AWS::IAM::Policy").values()
            if {"Ref": role} in policy["Properties"]["Roles"]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        ]


def templates(federation: Federation, outdir: Path) -> dict[str, Template]:
    """Synthesise, by stack name."""
    return {
        stack.stack_name: Template(
            stack.stack_name,
            json.loads(Path(stack.template_full_path).read_text()),
            Path(stack.template_full_path),
        )
        for stack in synthesise(federation, outdir).stacks
    }


@cache
def demo() -> dict[str, Template]:
    """Return the templates of the demo federation."""
    return templates(load_federation(DEMO), Path(tempfile.mkdtemp(prefix="atoll-synth-")))


@cache
def fronted() -> Template:
    """Return a unit with a load balancer, which the demo has none of."""
    federation = balanced(load_federation(DEMO))
    return templates(federation, Path(tempfile.mkdtemp(prefix="atoll-synth-")))["atoll-levitus"]


def balanced(federation: Federation) -> Federation:
    """The federation, its first unit with a load balancer."""
    first, *others = federation.units
    wanted = LoadBalancer(certificate_arn=CERTIFICATE, url="https://motu.example.org")
    motu = first.motu.model_copy(update={"load_balancer": wanted})
    changed = first.model_copy(update={"motu": motu})
    return federation.model_copy(update={"units": (changed, *others)})


def central() -> Template:
    """Return the demo's identity."""
    return demo()["atoll-central-identity"]


def catalogue() -> Template:
    """Return the demo's catalogue."""
    return demo()["atoll-central-catalogue"]


def unit(name: str = "levitus") -> Template:
    """Return one of the demo's dissemination units."""
    return demo()[f"atoll-{name}"]


def walk(node: object) -> Iterator[tuple[str, object]]:
    """Every key of a document with its value, at any depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def listed(value: object) -> list[Any]:
    """A policy's one-or-many as many."""
    return value if isinstance(value, list) else [value]
