# What stood there before: resource "commander_secrets_manager" "payments" { … }
# Its shares stay in the vault and are declared as grants.
moved {
  from = commander_secrets_manager.payments
  to   = ksm_application.payments
}
