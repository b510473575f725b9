import {
  to = ksm_record_grant.database
  identity = {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
    record_uid     = "9vU2qXkR5tGzW8yBcE1hTA"
  }
}
