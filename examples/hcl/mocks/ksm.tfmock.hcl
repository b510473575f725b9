# For "terraform test" without a vault: values of the form that the real ones have.
mock_resource "ksm_application" {
  defaults = {
    id         = "bKMRbxBRwzBdqsBDNa1fnQ"
    created_at = "2030-01-01T00:00:00.000Z"
  }
}

mock_resource "ksm_client_device" {
  defaults = {
    client_id      = "s-QYQNaKm8jq6fspdO869viEbxlhcDNHvK-1rdvryGkb16Xgev5T-LP8TpZweDLoZCrb6Jg7zcwN4VgwgFaTFw"
    hostname       = "keeper.example.com:8443"
    one_time_token = "US:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
  }
}

mock_resource "ksm_gateway" {
  defaults = {
    client_id      = "s-QYQNaKm8jq6fspdO869viEbxlhcDNHvK-1rdvryGkb16Xgev5T-LP8TpZweDLoZCrb6Jg7zcwN4VgwgFaTFw"
    hostname       = "keeper.example.com:8443"
    one_time_token = "US:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
  }
}

mock_data "ksm_shared_folder" {
  defaults = {
    uid  = "gM3FYZ7dVtnT2aAyDEx1dg"
    kind = "classic"
  }
}

mock_data "ksm_record" {
  defaults = {
    uid = "9vU2qXkR5tGzW8yBcE1hTA"
  }
}
