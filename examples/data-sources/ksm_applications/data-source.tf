data "ksm_applications" "all" {}

output "applications" {
  value = { for application in data.ksm_applications.all.items : application.name => application.id }
}
