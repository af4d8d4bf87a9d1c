"""A synthesised assembly: its stacks, and the files that their functions are made of."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from stacks.local.cloud import Cloud
from stacks.local.place import ACCOUNT, Place

# Zip knows no earlier time; a fixed one makes equal files equal archives.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class SynthesisedStack:
    """One CloudFormation template.

    Attributes:
        name: of the stack.
        region: where it belongs.
        template: its file.
        assets: the file that lists what it needs beside it.
    """

    name: str
    region: str
    template: Path
    assets: Path


def read_assembly(assembly: Path) -> list[SynthesisedStack]:
    """All stacks of an assembly, in the order of its manifest."""
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    artifacts = manifest["artifacts"]
    return [
        SynthesisedStack(
            name=artifact.get("properties", {}).get("stackName", artifact_id),
            region=artifact["environment"].rsplit("/", 1)[-1],
            template=assembly / artifact["properties"]["templateFile"],
            assets=assembly / f"{artifact_id}.assets.json",
        )
        for artifact_id, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    ]


def upload_assets(stack: SynthesisedStack, cloud: Cloud) -> None:
    """Put the stack's files where its template expects them, as `cdk deploy` does.

    That is the emulator's own S3, from which it reads code and templates.

    Container images are not built: the command that each would run is noted instead.
    """
    s3 = cloud.client("s3", emulated=True)
    listed = json.loads(stack.assets.read_text(encoding="utf-8"))
    for asset in listed["files"].values():
        source = asset["source"]
        path = stack.template.parent / source["path"]
        content = zip_folder(path) if source["packaging"] == "zip" else path.read_bytes()
        for destination in asset["destinations"].values():
            bucket = resolve(destination["bucketName"], stack.region)
            cloud.make_bucket(bucket, emulated=True)
            s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=content)
    _note_images(listed["dockerImages"], stack.template.parent, cloud.place)


def template_url(stack: SynthesisedStack, place: Place) -> str:
    """Where the template itself lies once the assets are uploaded; any size is fine there."""
    listed = json.loads(stack.assets.read_text(encoding="utf-8"))
    for asset in listed["files"].values():
        if asset["source"]["path"] == stack.template.name:
            (destination,) = asset["destinations"].values()
            bucket = resolve(destination["bucketName"], stack.region)
            return f"{place.endpoint}/{bucket}/{destination['objectKey']}"
    raise LookupError(f"{stack.assets}: the template is not among the assets")


def resolve(text: str, region: str) -> str:
    """Fill in the pseudo parameters that CDK leaves in names of buckets."""
    return text.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", region)


def zip_folder(folder: Path) -> bytes:
    """A Lambda archive; equal folders give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def command_of(dockerfile: str) -> list[str]:
    """What a container of this Dockerfile runs: its last ENTRYPOINT, then its last CMD."""
    words: list[str] = []
    for instruction in ("ENTRYPOINT", "CMD"):
        found = re.findall(rf"(?m)^{instruction}\s+(\[.*\])\s*$", dockerfile)
        words += json.loads(found[-1]) if found else []
    return words


def _note_images(
    images: dict[str, dict[str, dict[str, str]]], assembly: Path, place: Place
) -> None:
    known = json.loads(place.images.read_text("utf-8")) if place.images.exists() else {}
    for tag, image in images.items():
        folder = assembly / image["source"]["directory"]
        dockerfile = folder / image["source"].get("dockerFile", "Dockerfile")
        known[tag] = command_of(dockerfile.read_text(encoding="utf-8"))
    place.images.write_text(json.dumps(known), encoding="utf-8")
