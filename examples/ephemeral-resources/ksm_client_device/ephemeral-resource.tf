# Made at apply alone, and gone when the run ends.
ephemeral "ksm_client_device" "deploy" {
  application_id = ksm_application.payments.id
  name           = "terraform run"
  enabled        = terraform.applying
}

resource "terraform_data" "migration" {
  provisioner "local-exec" {
    command     = "./migrate.sh"
    environment = { KSM_CONFIG = ephemeral.ksm_client_device.deploy.config }
  }
}
