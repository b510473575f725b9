resource "ksm_shared_folder_grant" "secrets" {
  application_id = ksm_application.payments.id
  folder_uid     = "gM3FYZ7dVtnT2aAyDEx1dg"
  editable       = true
}
