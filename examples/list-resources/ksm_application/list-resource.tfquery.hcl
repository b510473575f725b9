list "ksm_application" "all" {
  provider = ksm
}
