"""Documents of the landing room."""

from typing import Self

from pydantic import BaseModel

from atoll.dialects.rest.wire import EXAMPLE_INPUTS, Link, SubsetInputs

PROCESS_ID = "subset"


class Landing(BaseModel):
    """OGC API - Common landing page."""

    title: str
    links: list[Link]

    @classmethod
    def build(cls) -> Self:
        """Our landing page; its links are relative to the root."""
        rels = {
            "api": "service-desc",
            "conformance": "conformance",
            "processes": "http://www.opengis.net/def/rel/ogc/1.0/processes",
            "jobs": "http://www.opengis.net/def/rel/ogc/1.0/job-list",
            "datasets": "data",
        }
        return cls(
            title="Atoll dissemination unit",
            links=[Link(href=href, rel=rel, type="application/json") for href, rel in rels.items()],
        )


class Conformance(BaseModel):
    """Conformance classes."""

    conformsTo: list[str]  # noqa: N815  OGC's name


class Health(BaseModel):
    """The door answers."""

    status: str


class ProcessSummary(BaseModel):
    """OGC API - Processes, process summary."""

    id: str
    title: str
    version: str
    jobControlOptions: list[str]  # noqa: N815
    outputTransmission: list[str]  # noqa: N815
    links: list[Link]


class ProcessList(BaseModel):
    """The processes: there is one."""

    processes: list[ProcessSummary]
    links: list[Link]


class ProcessDescription(ProcessSummary):
    """OGC API - Processes, process description."""

    inputs: dict[str, dict[str, object]]
    outputs: dict[str, dict[str, object]]

    @classmethod
    def build(cls) -> Self:
        """The one process, described by the very schema that requests are checked with."""
        members = SubsetInputs.model_json_schema()["properties"]
        return cls(
            **summary("subset").model_dump(),
            inputs={
                name: {
                    "title": name,
                    "schema": schema | _example(name),
                    "minOccurs": int(name == "dataset"),
                }
                for name, schema in members.items()
            },
            outputs={
                "subset": {"title": "The file", "schema": {"type": "object"}},
                "manifest": {"title": "Of a Zarr file: its keys", "schema": {"type": "object"}},
                "files": {"title": "Where it takes several: all", "schema": {"type": "array"}},
            },
        )


def summary(href: str) -> ProcessSummary:
    """The one process in short.

    Args:
        href: of its description, from the document that this stands in.
    """
    return ProcessSummary(
        id=PROCESS_ID,
        title="A box of a dataset",
        version="1.0.0",
        jobControlOptions=["async-execute", "dismiss"],
        outputTransmission=["reference"],
        links=[Link(href=href, rel="self", type="application/json")],
    )


def _example(name: str) -> dict[str, object]:
    return {"examples": [EXAMPLE_INPUTS[name]]} if name in EXAMPLE_INPUTS else {}
