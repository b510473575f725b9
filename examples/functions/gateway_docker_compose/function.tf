variable "gateway_config" {
  description = "The configuration of a gateway, base64."
  type        = string
  sensitive   = true
}

output "docker_compose" {
  value     = provider::ksm::gateway_docker_compose(var.gateway_config)
  sensitive = true
}
