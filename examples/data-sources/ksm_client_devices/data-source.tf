data "ksm_client_devices" "payments" {
  application_id = ksm_application.payments.id
}

output "never_used" {
  value = [for device in data.ksm_client_devices.payments.items : device.name if device.status == "pending"]
}
