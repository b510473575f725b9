resource "ksm_gateway" "datacenter" {
  application_id = ksm_application.payments.id
  name           = "datacenter gateway"

  # A gateway works in a shared folder that is granted with edit rights.
  depends_on = [ksm_shared_folder_grant.secrets]
}

output "gateway_install_command" {
  value     = "curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token ${ksm_gateway.datacenter.one_time_token}"
  sensitive = true
}
