resource "ksm_gateway" "datacenter" {
  application_id = ksm_application.payments.id
  name           = "datacenter gateway"

  # A gateway works in a shared folder that is granted with edit rights.
  depends_on = [ksm_shared_folder_grant.secrets]
}

output "gateway_install_command" {
  value     = provider::ksm::gateway_install_command("linux", ksm_gateway.datacenter.one_time_token, true)
  sensitive = true
}
