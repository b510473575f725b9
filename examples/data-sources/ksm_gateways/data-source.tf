data "ksm_gateways" "payments" {
  application_id = ksm_application.payments.id
}

check "gateways_are_online" {
  assert {
    condition     = alltrue([for gateway in data.ksm_gateways.payments.items : gateway.online != false])
    error_message = "A gateway of the application is offline."
  }
}
