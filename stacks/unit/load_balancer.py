"""A load balancer in front of the Motu door, for the clients that the gateway cannot serve.

motuclient 3.0.0 speaks TLS 1.2 and sends no SNI: its ClientHello does not say which host it
wants. API Gateway has one address for many hosts and refuses it. A listener of a load balancer
answers such a client with its default certificate. Whoever says the host gets the same one.

Here too, because only here can a firewall stand: per address it ends the loop of a motuclient
that is not led to CAS (150 requests a second, for ever). A 429 is what makes it wait.

It costs some 25 USD a month while nobody comes, hence only where the operator asks for it. He
also points the name of the certificate to output LoadBalancerHost.
"""

from aws_cdk import Duration, Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as balancing
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_wafv2 as firewall
from aws_cdk.aws_elasticloadbalancingv2_targets import LambdaTarget
from constructs import Construct

from stacks import config

# An answer is held for less than 30 s.
IDLE_S = 60
WINDOW_S = 300
ANYBODY = ec2.Peer.any_ipv4()


class MotuBalancer(Construct):
    """A public load balancer with a firewall; its target is the door's own function.

    There is no access log: its lines have whole queries, and a query may be a CAS ticket. The
    function's log says who asked for what. Nor is the target's health looked at: Lambda is
    healthy, and each look would be an invocation.

    Attributes:
        host: its name in the DNS.
    """

    def __init__(
        self,
        scope: Construct,
        wanted: config.LoadBalancer,
        vpc: ec2.IVpc,
        motu_api: lambda_.IFunction,
        api_url: str,
    ) -> None:
        """Make it.

        Args:
            scope: the unit's stack.
            wanted: by the operator.
            vpc: has public subnets in two zones.
            motu_api: of the door.
            api_url: of the unit's gateway, to which WCS is sent on: its clients do send SNI.
        """
        super().__init__(scope, "MotuBalancer")
        group = ec2.SecurityGroup(
            self, "Web", vpc=vpc, description="HTTP and HTTPS in", allow_all_outbound=False
        )
        for port in (80, 443):
            group.add_ingress_rule(ANYBODY, ec2.Port.tcp(port), "Users")
        balancer = balancing.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=vpc,
            internet_facing=True,
            security_group=group,
            idle_timeout=Duration.seconds(IDLE_S),
            drop_invalid_header_fields=True,
        )
        balancer.add_redirect(open=False)  # from HTTP, which many a script still names
        self._listen(balancer, wanted.certificate_arn, motu_api, api_url)
        acl = self._firewall(wanted.requests_per_5_minutes)
        firewall.CfnWebACLAssociation(
            self,
            "FirewallHere",
            resource_arn=balancer.load_balancer_arn,
            web_acl_arn=acl.attr_arn,
        )
        self.host = balancer.load_balancer_dns_name

    def _listen(
        self,
        balancer: balancing.ApplicationLoadBalancer,
        certificate_arn: str,
        motu_api: lambda_.IFunction,
        api_url: str,
    ) -> None:
        """Answer on Motu's paths alone."""
        listener = balancer.add_listener(
            "Https",
            port=443,
            open=False,
            # The first is the default one, which is shown to who sends no SNI.
            certificates=[balancing.ListenerCertificate.from_arn(certificate_arn)],
            # Of TLS 1.2 it has ECDHE with AES-GCM, which OpenSSL knows since 1.0.1.
            ssl_policy=balancing.SslPolicy.RECOMMENDED_TLS,
            default_action=balancing.ListenerAction.fixed_response(
                404, content_type="text/plain", message_body="Motu is at /motu-web/Motu"
            ),
        )
        target = balancing.ApplicationTargetGroup(
            self,
            "Motu",
            target_type=balancing.TargetType.LAMBDA,
            targets=[LambdaTarget(motu_api)],
            # Else of each repeated `variable` the last alone would come through.
            multi_value_headers_enabled=True,
        )
        gateway = Fn.select(2, Fn.split("/", api_url))
        listener.add_action(
            "Wcs",
            priority=1,
            conditions=[_paths("/wcs", "/motu-web/wcs")],
            action=balancing.ListenerAction.redirect(host=gateway),
        )
        listener.add_action(
            "Doors",
            priority=2,
            conditions=[_paths("/motu-web", "/motu-web/*", "/motu-open", "/motu-open/*")],
            action=balancing.ListenerAction.forward([target]),
        )

    def _firewall(self, requests: int) -> firewall.CfnWebACL:
        """Tell an address that asks too often so; no rule of anybody else's."""
        acl = firewall.CfnWebACL
        too_often = acl.RuleProperty(
            name="too-often",
            priority=0,
            statement=acl.StatementProperty(
                rate_based_statement=acl.RateBasedStatementProperty(
                    limit=requests, aggregate_key_type="IP", evaluation_window_sec=WINDOW_S
                )
            ),
            action=acl.RuleActionProperty(
                block=acl.BlockActionProperty(
                    custom_response=acl.CustomResponseProperty(response_code=429)
                )
            ),
            visibility_config=_seen_as("too-often"),
        )
        return acl(
            self,
            "Firewall",
            scope="REGIONAL",
            default_action=acl.DefaultActionProperty(allow=acl.AllowActionProperty()),
            rules=[too_often],
            visibility_config=_seen_as("motu"),
        )


def _paths(*patterns: str) -> balancing.ListenerCondition:
    return balancing.ListenerCondition.path_patterns(list(patterns))


def _seen_as(metric: str) -> firewall.CfnWebACL.VisibilityConfigProperty:
    """Counted, without samples: those would have queries, and thereby tickets."""
    return firewall.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
