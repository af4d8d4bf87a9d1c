"""Where things really are on this machine, told to whom the template told AWS's own host names.

Nobody answers to those here. A parameter does where a stack has one; the rest is put right in
the functions and clients that were made, by one table.
"""

from collections.abc import Callable, Mapping

from stacks.local.cloud import DeployedStack

type Address = Callable[[DeployedStack], str]


def door(stack: DeployedStack) -> str:
    """The stack's own API."""
    return stack.api_url


def cas(stack: DeployedStack) -> str:
    """CAS, of central's stack."""
    return f"{stack.api_url}/cas"


def sign_in(stack: DeployedStack) -> str:
    """The user pool's hosted pages."""
    return stack.cloud.place.endpoint


def keys(stack: DeployedStack) -> str:
    """The public keys of central's user pool."""
    return f"{sign_in(stack)}/{stack.outputs['UserPoolId']}/.well-known/jwks.json"


# Function's folder -> its settings.
SETTINGS: Mapping[str, Mapping[str, Address]] = {
    "rest_api": {"API_URL": door},
    "notify_job": {"API_URL": door},
    "motu_api": {"API_URL": door},
    "wcs_api": {"API_URL": door},
    "announce_records": {"API_URL": door},
    "catalogue_api": {"API_URL": door},
    "cas_api": {"CAS_URL": cas, "HOSTED_LOGIN_URL": sign_in, "JWKS_URL": keys},
}


def tell_addresses(stack: DeployedStack) -> None:
    """Put right what a deployed stack says; doing it again changes nothing."""
    functions = stack.cloud.client("lambda")
    for logical in stack.of_type("AWS::Lambda::Function"):
        folder = stack.properties[logical]["Handler"].partition(".")[0]
        true = {name: of(stack) for name, of in SETTINGS.get(folder, {}).items()}
        name = stack.physical[logical]
        told = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        if true.items() - told.items():
            functions.update_function_configuration(
                FunctionName=name, Environment={"Variables": told | true}
            )
    _lead_back_to_cas(stack)


def _lead_back_to_cas(stack: DeployedStack) -> None:
    """The hosted pages return people to CAS: its client has that in its list of addresses."""
    cognito = stack.cloud.client("cognito-idp")
    for logical in stack.of_type("AWS::Cognito::UserPoolClient"):
        wanted = stack.properties[logical]
        # Those that the template says as plain text are the portal's.
        if any(isinstance(url, dict) for url in wanted.get("CallbackURLs", [])):
            cognito.update_user_pool_client(
                UserPoolId=stack.outputs["UserPoolId"],
                ClientId=stack.physical[logical],
                CallbackURLs=[f"{cas(stack)}/callback"],
                LogoutURLs=[f"{cas(stack)}/signed-out"],
                AllowedOAuthFlows=wanted["AllowedOAuthFlows"],
                AllowedOAuthScopes=wanted["AllowedOAuthScopes"],
                AllowedOAuthFlowsUserPoolClient=True,
            )
