resource "ksm_application" "payments" {
  name = "Payments"
}
