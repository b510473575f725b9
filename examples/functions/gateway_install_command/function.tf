output "install_on_linux" {
  value     = provider::ksm::gateway_install_command("linux", ksm_gateway.datacenter.one_time_token, true)
  sensitive = true
}
