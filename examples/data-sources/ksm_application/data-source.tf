data "ksm_application" "existing" {
  name = "Payments"
}
