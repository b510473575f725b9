data "ksm_shared_folder" "databases" {
  name = "Databases"
}
