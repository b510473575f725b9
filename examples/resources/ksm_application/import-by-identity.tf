import {
  to = ksm_application.payments
  identity = {
    id = "bKMRbxBRwzBdqsBDNa1fnQ"
  }
}
