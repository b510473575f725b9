list "ksm_client_device" "all" {
  provider = ksm

  config {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
  }
}
