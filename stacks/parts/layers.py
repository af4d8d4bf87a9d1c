"""The layers of a stack: our own code, and what it depends on."""

from pathlib import Path
from typing import Literal

from aws_cdk import (
    Annotations,
    AssetHashType,
    BundlingOptions,
    CfnRule,
    CfnRuleAssertion,
    DockerImage,
    Fn,
    RemovalPolicy,
    Stack,
)
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.parts.bundling import LayerBundling, layer_hash

LAYERS = Path(__file__).parents[2] / "layers"
# Said of `bundle` where packages are installed beside the functions: in the local place.
INSTALLED = "installed"
RUNTIME = lambda_.Runtime.PYTHON_3_13
NOT_DEPLOYABLE = (
    "The dependency layers are lists of names, no function could start: deploy with -c bundle=true"
)

type Architecture = Literal["arm64", "x86_64"]
type LayerName = Literal["core", "web", "science", "catalogue"]


class Layers(Construct):
    """One version of each layer, shared by the functions of a stack.

    With `-c bundle=true` dependencies are installed into their layers (no Docker, but a package
    index) and all code is compiled; without it a layer is its folder as it is, dependencies are
    a list of names only, and synthesis needs no network. Such a template says so, and
    CloudFormation refuses it before it makes or changes anything; `-c bundle=installed` vouches
    that the packages are there without layers.
    """

    def __init__(self, scope: Construct, name: str, architecture: Architecture) -> None:
        super().__init__(scope, name)
        self.architecture = architecture
        said = self.node.try_get_context("bundle")
        self._bundle = said == "true"
        self._made: dict[LayerName, lambda_.LayerVersion] = {}
        if said not in {"true", INSTALLED}:
            self._refuse_deployment()

    def of(self, *names: LayerName) -> list[lambda_.ILayerVersion]:
        """Return these layers, in the order given."""
        return [self._layer(name) for name in names]

    def _refuse_deployment(self) -> None:
        """Only CloudFormation tells deploying from synthesising: a rule that never holds.

        The rules of a template are asserted before its change set is made.
        """
        Annotations.of(self).add_warning_v2("atoll:layers-without-packages", NOT_DEPLOYABLE)
        CfnRule(
            Stack.of(self),
            "LayersHoldPackages",
            assertions=[
                CfnRuleAssertion(
                    assert_=Fn.condition_contains(["packages"], "names"),
                    assert_description=NOT_DEPLOYABLE,
                )
            ],
        )

    def _layer(self, name: LayerName) -> lambda_.LayerVersion:
        if name not in self._made:
            self._made[name] = lambda_.LayerVersion(
                self,
                name.capitalize(),
                code=self._code(name),
                compatible_runtimes=[RUNTIME],
                compatible_architectures=[lambda_architecture(self.architecture)],
                removal_policy=RemovalPolicy.DESTROY,
            )
        return self._made[name]

    def _code(self, name: LayerName) -> lambda_.Code:
        folder = LAYERS / name
        spare = ["__pycache__", "*.pyc"]
        if not self._bundle:
            return lambda_.Code.from_asset(str(folder), exclude=spare)
        return lambda_.Code.from_asset(
            str(folder),
            exclude=spare,
            asset_hash_type=AssetHashType.CUSTOM,
            asset_hash=layer_hash(folder, self.architecture),
            bundling=BundlingOptions(
                image=DockerImage.from_registry("no-image-is-used"),
                local=LayerBundling(folder, self.architecture),
            ),
        )


def lambda_architecture(name: Architecture) -> lambda_.Architecture:
    """The construct library's word for an architecture."""
    return lambda_.Architecture.ARM_64 if name == "arm64" else lambda_.Architecture.X86_64
