"""The constructs from Python: the addresses of TypeScript, and errors that arrive whole."""

import json

import pytest
from cdktf import SSHProvisionerConnection, TerraformOutput, TerraformResourceLifecycle, TerraformStack, Testing
from cdktf_ksm import (
    GatewayInstallation,
    GatewayPlatform,
    Initialization,
    KsmApplication,
    KsmProvider,
    KsmService,
    SharedFolder,
    SharedFolderGrant,
    VaultRecord,
)

APPLICATION = "bKMRbxBRwzBdqsBDNa1fnQ"
FOLDER = "gM3FYZ7dVtnT2aAyDEx1dg"
RECORD = "-ABnQNhSzGbAbKPe7Dv0Zw"


@pytest.fixture
def stack():
    stack = TerraformStack(Testing.app(), "ci")
    KsmProvider(stack, "ksm")
    return stack


def resources(stack):
    return json.loads(Testing.synth(stack))["resource"]


def test_the_first_stack_has_the_addresses_of_typescript(stack):
    application = KsmApplication(stack, "payments", name="Payments")
    folder = SharedFolder.from_uid(stack, "secrets", FOLDER)
    grant = folder.grant_read(application)
    folder.grant_edit(application)
    VaultRecord.from_uid(stack, "database", RECORD).grant_read(application)
    device = application.add_client_device("deploy", name="deploy", token_expires_in_minutes=15)
    device.export_token("token")
    assert grant.editable
    synthesized = resources(stack)
    assert list(synthesized["ksm_application"]) == ["payments_5AA7C358"]
    assert list(synthesized["ksm_shared_folder_grant"]) == ["payments_grant-secrets_83587222"]
    (block,) = synthesized["ksm_client_device"].values()
    assert list(synthesized["ksm_client_device"]) == ["payments_deploy_31BDA616"]
    assert sorted(block["depends_on"]) == [
        "ksm_record_grant.payments_grant-database_31557959",
        "ksm_shared_folder_grant.payments_grant-secrets_83587222",
    ]


def test_a_gateway_is_installed(stack):
    application = KsmApplication.from_uid(stack, "payments", APPLICATION)
    gateway = application.add_gateway("gw", name="gw")
    GatewayInstallation(stack, "installation", gateway=gateway, platform=GatewayPlatform.LINUX)
    (block,) = resources(stack)["null_resource"].values()
    local = block["provisioner"][0]["local-exec"]
    assert "one_time_token" not in local["command"]
    assert "one_time_token" in local["environment"]["KSM_GATEWAY_TOKEN"]


def test_an_application_is_told_by_a_function_and_not_by_isinstance(stack):
    application = KsmApplication.from_uid(stack, "payments", APPLICATION)
    assert KsmApplication.is_ksm_application(application)
    assert not isinstance(application, KsmApplication)


def test_everything_that_is_wrong_is_said_at_once(stack):
    application = KsmApplication.from_uid(stack, "payments", APPLICATION)
    with pytest.raises(RuntimeError) as raised:
        application.add_client_device("deploy", name="", token_expires_in_minutes=1441)
    text = str(raised.value)
    assert "ClientDevice 'ci/payments/deploy': name is \"\"." in text
    assert "tokenExpiresInMinutes is 1441. Expected a whole number from 1 to 1440." in text


def test_a_typo_where_enums_are_loose_is_refused(stack):
    application = KsmApplication.from_uid(stack, "payments", APPLICATION)
    gateway = application.add_gateway("gw", name="gw", initialization=Initialization.TOKEN)
    with pytest.raises(RuntimeError, match='platform "Linux"'):
        gateway.install_command("Linux")
    with pytest.raises(RuntimeError, match='initialization is "tokn". Expected "token" or "config".'):
        application.add_gateway("other", name="other", initialization="tokn")


def test_a_uid_of_the_wrong_length_is_refused(stack):
    with pytest.raises(RuntimeError, match="Expected a Keeper UID: 22 characters"):
        SharedFolder.from_uid(stack, "secrets", FOLDER[:-1])


def test_a_circle_is_refused(stack):
    application = KsmApplication(stack, "payments", name="Payments")
    device = application.add_client_device("deploy", name="deploy")
    SharedFolder.from_uid(stack, "secrets", FOLDER).grant_read(application, depends_on=[device])
    with pytest.raises(RuntimeError, match="takes afterGrants: false"):
        Testing.synth(stack, True)


def test_an_application_of_another_provider_is_refused(stack):
    eu = KsmProvider(stack, "eu", alias="eu")
    folder = SharedFolder.from_name(stack, "secrets", "Deployment", provider=eu)
    with pytest.raises(RuntimeError, match="Expected both in one vault."):
        folder.grant_read(KsmApplication(stack, "us", name="US"))


def test_structs_of_cdktf_are_taken(stack):
    eu = KsmProvider(stack, "eu", alias="eu")
    lifecycle = TerraformResourceLifecycle(prevent_destroy=True)
    application = KsmApplication(stack, "payments", name="Payments", provider=eu, lifecycle=lifecycle)
    folder = SharedFolder.from_uid(stack, "secrets", FOLDER, provider=eu)
    folder.grant_read(application, lifecycle=lifecycle)
    device = application.add_client_device("deploy", name="deploy")
    environment = device.installer_environment(KsmService(stack, "service", provider=eu))
    TerraformOutput(stack, "environment", value=environment, sensitive=True)
    connection = SSHProvisionerConnection(type="ssh", host="gw-1.example.com", host_key="ssh-ed25519 AAAA")
    gateway = application.add_gateway("gw", name="gw")
    GatewayInstallation(stack, "installation", gateway=gateway, connection=connection)
    synthesized = resources(stack)
    (block,) = synthesized["ksm_shared_folder_grant"].values()
    assert block["lifecycle"] == {"prevent_destroy": True}
    (block,) = synthesized["null_resource"].values()
    assert block["connection"]["host_key"] == "ssh-ed25519 AAAA"
    assert environment["KSM_IAC_TOKEN"] == ""
    with pytest.raises(RuntimeError, match="Expected both of one vault."):
        device.installer_environment(KsmService(stack, "other"))


def test_a_record_is_no_folder(stack):
    application = KsmApplication.from_uid(stack, "payments", APPLICATION)
    record = VaultRecord.from_uid(stack, "database", RECORD)
    with pytest.raises(RuntimeError, match="folder is the VaultRecord 'ci/database'. Expected a SharedFolder"):
        SharedFolderGrant(stack, "grant", application=application, folder=record)
