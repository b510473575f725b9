"""For pytest, with cdktf and cdktf-ksm installed: pytest examples/testing."""

import pytest
from cdktf import TerraformStack, Testing
from cdktf_ksm import KsmApplication, KsmAssertions, KsmProvider, SharedFolder


class Pipeline(TerraformStack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        KsmProvider(self, "ksm")
        self.folder = SharedFolder.from_uid(self, "deployment", "nu0VapSH89AWjZ1uWqY6qA")
        self.application = KsmApplication(self, "pipeline", name="Pipeline")
        self.folder.grant_read(self.application)
        device = self.application.add_client_device("deploy", name="deploy job", token_expires_in_minutes=15)
        device.export_token("token")


@pytest.fixture
def pipeline():
    return Pipeline(Testing.app(), "pipeline")


def test_has_one_device_whose_token_is_short_lived(pipeline):
    KsmAssertions.of(pipeline).has_client_device(name="deploy job", ip_lock=True, token_expires_in_minutes=15)


def test_reads_the_folder_and_changes_nothing(pipeline):
    KsmAssertions.of(pipeline).grants_read(pipeline.application, pipeline.folder)
    with pytest.raises(RuntimeError, match="may not edit"):
        KsmAssertions.of(pipeline).grants_edit(pipeline.application, pipeline.folder)


def test_leaks_nothing(pipeline):
    KsmAssertions.of(pipeline).leaks_nothing()
