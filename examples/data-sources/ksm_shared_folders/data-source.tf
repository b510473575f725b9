data "ksm_shared_folders" "all" {}

output "nested_folders" {
  value = [for folder in data.ksm_shared_folders.all.items : folder.path if folder.kind == "nested"]
}
