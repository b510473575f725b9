list "ksm_gateway" "all" {
  provider = ksm

  config {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
  }
}
