"""The one way to make an HTTP API: functions behind it, CORS, throttling, an access log.

The log has paths without queries, as a query may be a ticket that signs somebody in.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "route": "$context.routeKey",
    "status": "$context.status",
    "response_bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "function_latency_ms": "$context.integrationLatency",
    "function_error": "$context.integrationErrorMessage",
    "authorizer_error": "$context.authorizer.error",
    "gateway_error": "$context.error.message",
    "source": "$context.identity.sourceIp",
    "agent": "$context.identity.userAgent",
}


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """What a gateway allows.

    Attributes:
        name: of the API.
        origins: web origins that may call it; `*` = any, none = it is for no other page.
        requests_per_s: sustained rate, above it callers are told 429.
        burst_requests: at once above that rate.
        logs_paths: False where a path may be a secret.
    """

    name: str
    origins: Sequence[str]
    requests_per_s: int
    burst_requests: int
    logs_paths: bool = True


class FunctionApi(Construct):
    """An HTTP API whose requests go to functions, which answer in their own words.

    Attributes:
        api: the HTTP API.
        function: that answers where no other was said to.
        url: of its only stage, without a slash at the end.
    """

    def __init__(
        self,
        scope: Construct,
        spec: GatewaySpec,
        function: lambda_.IFunction,
        log: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, "Api")
        self.function = function
        self._integration = HttpLambdaIntegration("Function", function)
        self.api = gateway.HttpApi(
            self,
            "HttpApi",
            api_name=spec.name,
            create_default_stage=False,
            default_integration=self._integration,
            cors_preflight=_cors(spec.origins) if spec.origins else None,
        )
        stage = gateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=gateway.ThrottleSettings(
                rate_limit=spec.requests_per_s, burst_limit=spec.burst_requests
            ),
        )
        made = stage.node.default_child
        if not isinstance(made, gateway.CfnStage):
            raise TypeError(f"the stage is made by {type(made).__name__}, not CfnStage")
        made.access_log_settings = gateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=json.dumps(_logged(spec))
        )
        self.url = self.api.api_endpoint

    def hand_over(self, paths: Sequence[str], name: str, function: lambda_.IFunction) -> None:
        """Let another function answer on these paths, whatever the method.

        A browser's preflight starts it no more than the first one: the gateway answers that
        itself where CORS is on and the route asks for no token.

        Args:
            paths: those without a variable win over `{proxy+}`; with or without a slash at
                the end is the same to the gateway.
            name: of the integration.
            function: that answers.
        """
        integration = HttpLambdaIntegration(name, function)
        for path in paths:
            self.api.add_routes(
                path=path, methods=[gateway.HttpMethod.ANY], integration=integration
            )

    def require_token(
        self, routes: Sequence[tuple[gateway.HttpMethod, str]], issuer: str, audience: list[str]
    ) -> None:
        """Let the gateway refuse bad tokens on these routes before any function starts.

        Methods are named one by one: ANY would catch the browser's preflight too, which carries
        no token and which the gateway answers itself.
        """
        authorizer = HttpJwtAuthorizer("Token", issuer, jwt_audience=audience)
        for method, path in routes:
            self.api.add_routes(
                path=path,
                methods=[method],
                integration=self._integration,
                authorizer=authorizer,
            )


def _logged(spec: GatewaySpec) -> dict[str, str]:
    return {name: text for name, text in ACCESS_LOG.items() if name != "path" or spec.logs_paths}


def _cors(origins: Sequence[str]) -> gateway.CorsPreflightOptions:
    methods = gateway.CorsHttpMethod
    return gateway.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[
            methods.GET,
            methods.HEAD,
            methods.POST,
            methods.PUT,
            methods.PATCH,
            methods.DELETE,
            methods.OPTIONS,
        ],
        allow_headers=[
            "authorization",
            "cache-control",
            "content-type",
            "idempotency-key",
            "if-match",
            "prefer",
            "x-correlation-id",
        ],
        expose_headers=[
            "etag",
            "location",
            "retry-after",
            "x-correlation-id",
            "preference-applied",
        ],
        max_age=Duration.hours(1),
    )
