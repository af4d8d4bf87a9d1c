"""Central's identity: groups from the profiles, three clients, a hosted login."""

from tests.stacks.synthesis import Document, central


def client(name: str) -> Document:
    _, found = central().only("AWS::Cognito::UserPoolClient", f"Pool{name}")
    properties: Document = found["Properties"]
    return properties


def test_a_profile_is_a_group():
    groups = central().of_type("AWS::Cognito::UserPoolGroup").values()
    assert {group["Properties"]["GroupName"] for group in groups} == {
        *("public", "navy", "pmel", "operators")
    }


def test_nobody_invites_himself():
    _, pool = central().only("AWS::Cognito::UserPool")
    assert pool["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_passwords_are_long():
    _, pool = central().only("AWS::Cognito::UserPool")
    assert pool["Properties"]["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12


def test_the_portal_signs_in_at_the_hosted_login_without_a_secret():
    web = client("Web")
    assert web["AllowedOAuthFlows"] == ["code"]
    assert web["GenerateSecret"] is False
    assert web["CallbackURLs"] == ["http://localhost:8080/signed-in"]
    _, domain = central().only("AWS::Cognito::UserPoolDomain")
    assert domain["Properties"]["Domain"] == "atoll-demo-login"


def test_the_command_line_signs_in_with_a_password_or_a_refresh_token():
    command = client("Command")
    assert set(command["ExplicitAuthFlows"]) == {
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    }
    assert command["GenerateSecret"] is False


def test_a_machine_acts_as_itself_within_the_scopes_of_the_resource_server():
    machine = client("Machine")
    _, server = central().only("AWS::Cognito::UserPoolResourceServer")
    assert machine["AllowedOAuthFlows"] == ["client_credentials"]
    assert machine["GenerateSecret"] is True
    assert server["Properties"]["Identifier"] == "atoll"
    scopes = {scope["ScopeName"] for scope in server["Properties"]["Scopes"]}
    assert scopes == {"read", "order"}
    assert len(machine["AllowedOAuthScopes"]) == len(scopes)


def test_no_answer_tells_whether_a_user_exists():
    for name in ("Web", "Command"):
        assert client(name)["PreventUserExistenceErrors"] == "ENABLED"


def test_what_units_are_told_is_an_output():
    outputs = central().body["Outputs"]
    assert {"Issuer", "ClientIds", "UserPoolId", "CommandClientId"} <= set(outputs)
