list "ksm_record_grant" "all" {
  provider = ksm

  config {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
  }
}
