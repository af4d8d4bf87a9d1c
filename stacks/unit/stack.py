"""One dissemination unit as one stack."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks.config import DisseminationUnit, Federation
from stacks.parts.function import Surroundings
from stacks.parts.layers import Layers
from stacks.parts.secret import read_secret
from stacks.unit.accounting import ledger_export
from stacks.unit.api import door_statements, guard, rest_door
from stacks.unit.classic import ClassicDoors
from stacks.unit.containers import Host
from stacks.unit.deliveries import Deliveries
from stacks.unit.load_balancer import MotuBalancer
from stacks.unit.notification import Notification
from stacks.unit.parameters import Identity
from stacks.unit.publication import publication_workflow
from stacks.unit.queue import queue_keepers
from stacks.unit.records import Records
from stacks.unit.retention import retention
from stacks.unit.settings import environment, machine_arn
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables
from stacks.unit.watch import delivery_keeper
from stacks.unit.workflow import extraction_workflow


class UnitStack(Stack):
    """Everything of a dissemination unit; of central it knows the strings in its parameters.

    Outputs: ApiUrl, the names of tables and buckets (for publication), StateMachineArn, and
    TopicArn and LoadBalancerHost where there is one.
    """

    def __init__(
        self, scope: Construct, name: str, federation: Federation, unit: DisseminationUnit
    ) -> None:
        super().__init__(
            scope,
            name,
            env=Environment(account=unit.account, region=unit.region),
            description=f"Dissemination unit {unit.name} of {federation.name}: {unit.title}",
        )
        identity = Identity(self, federation.central)
        records = Records(self, federation.central, unit)
        tables, storage = Tables(self, unit), Storage(self, unit)
        notification, deliveries = Notification(self, unit), Deliveries(self, unit)
        around = Surroundings(
            layers=Layers(self, "Layers", unit.architecture),
            environment={
                **environment(self, unit, tables, storage),
                **identity.environment,
                **notification.environment,
                **deliveries.environment,
                **records.environment,
            },
            log_retention_days=unit.log_retention_days,
        )
        api = rest_door(self, unit, around, tables, storage)
        if unit.jwt_authorizer:
            guard(api, identity)
        notification.let_derive_keys(api.function)
        notification.make_machine(around, tables, api.url)
        deliveries.let_offer(api.function, tables, storage)
        host = Host(self, unit)
        extraction_workflow(host, around, tables, storage)
        publisher = publication_workflow(host, around, deliveries, tables, storage)
        records.announce(publisher, api, around, (tables, storage))
        may = [*door_statements(self, tables, storage), read_secret(notification.secret)]
        self._open(ClassicDoors(api, around, may, unit.motu), identity, host.network.vpc)
        queue_keepers(self, around, tables, storage)
        delivery_keeper(unit, around, deliveries, tables, storage)
        retention(self, around, tables, storage)
        self._say("LedgerBucket", ledger_export(self, unit, around, tables))
        self._say("ApiUrl", api.url)
        self._say_stores(tables, storage, deliveries)
        self._say_the_rest(host, notification)

    def _say_the_rest(self, host: Host, notification: Notification) -> None:
        self._say("StateMachineArn", machine_arn(self))
        self._say("ClusterName", host.cluster.cluster_name)
        if notification.topic:
            self._say("TopicArn", notification.topic.topic_arn)

    def _say_stores(self, tables: Tables, storage: Storage, deliveries: Deliveries) -> None:
        for made in tables.all:
            self._say(f"{made.node.id}Table", made.table_name)
        for name, kept in (
            ("Data", storage.data),
            ("Results", storage.results),
            ("Incoming", deliveries.incoming),
        ):
            self._say(f"{name}Bucket", kept.bucket_name)

    def _open(self, doors: ClassicDoors, identity: Identity, vpc: ec2.IVpc) -> None:
        """Open the classic doors, and put a load balancer before Motu's where one is wanted."""
        doors.wcs_door()
        motu_api = doors.motu_door(identity.cas_url)
        wanted = doors.motu.load_balancer
        if wanted:
            balancer = MotuBalancer(self, wanted, vpc, motu_api, doors.api.url)
            self._say("LoadBalancerHost", balancer.host)

    def _say(self, name: str, value: str) -> None:
        """Tell the operator; without an export name, as nothing may import from a unit."""
        CfnOutput(self, name, value=value)
