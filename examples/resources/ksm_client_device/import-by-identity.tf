import {
  to = ksm_client_device.deploy
  identity = {
    application_id = "bKMRbxBRwzBdqsBDNa1fnQ"
    client_id      = "s-QYQNaKm8jq6fspdO869viEbxlhcDNHvK-1rdvryGkb16Xgev5T-LP8TpZweDLoZCrb6Jg7zcwN4VgwgFaTFw"
  }
}
