resource "ksm_record_grant" "database" {
  application_id = ksm_application.payments.id
  record_uid     = "9vU2qXkR5tGzW8yBcE1hTA"
}
