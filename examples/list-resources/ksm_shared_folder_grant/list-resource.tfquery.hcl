list "ksm_shared_folder_grant" "all" {
  provider = ksm

  config {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
  }
}
