import {
  to = ksm_shared_folder_grant.secrets
  identity = {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
    folder_uid     = "gM3FYZ7dVtnT2aAyDEx1dg"
  }
}
