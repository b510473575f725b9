data "ksm_record" "database" {
  title = "Production database"
}
