output "client_id" {
  value = nonsensitive(provider::ksm::parse_one_time_token(ksm_gateway.datacenter.one_time_token).client_id)
}
