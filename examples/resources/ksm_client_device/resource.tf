resource "ksm_client_device" "deploy" {
  application_id           = ksm_application.payments.id
  name                     = "deploy job"
  token_expires_in_minutes = 30

  # A new value issues a new token and revokes the old credential.
  rotation_triggers = {
    quarter = "2026-Q4"
  }

  # The secrets are granted before somebody can redeem the token.
  depends_on = [ksm_shared_folder_grant.secrets, ksm_record_grant.database]
}

output "deploy_token" {
  value     = ksm_client_device.deploy.one_time_token
  sensitive = true
}
