data "ksm_service" "this" {}

output "hostname" {
  value = data.ksm_service.this.hostname
}
