terraform {
  required_providers {
    ksm = {
      source = "ksm-iac/ksm"
    }
  }
}

# The API token comes from KSM_IAC_TOKEN, so that it is in no file.
provider "ksm" {
  endpoint            = "https://ksm-iac.example.com:8443"
  ca_certificate_file = "ca.pem"
}
