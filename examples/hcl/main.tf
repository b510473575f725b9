# The stack of examples/ci-pipeline in plain HCL: an application, what it may
# read, a device for the pipeline, a gateway, and a consumer that gets the
# device's one-time token in the same apply.
#
# The consumer is the Node program examples/ci-pipeline/redeem.mjs. To copy this
# folder elsewhere, take that file along, run
# `npm install @keeper-security/secrets-manager-core` beside it, and set `redeem`.

terraform {
  required_version = ">= 1.6"
  required_providers {
    ksm = {
      source = "ksm-iac/ksm"
    }
  }
}

# Endpoint, token and CA come from the environment: KSM_IAC_ENDPOINT,
# KSM_IAC_TOKEN, KSM_IAC_CA_CERTIFICATE_FILE (`ksm-iac env` prints them).
provider "ksm" {}

# What whoever installs a device needs beside the token.
data "ksm_service" "this" {}

variable "folder_uid" {
  description = "UID of the shared folder with the secrets of deployments."
  type        = string
  default     = "nu0VapSH89AWjZ1uWqY6qA"
}

variable "record_uid" {
  description = "UID of a record that the pipeline reads, whatever folder it is in."
  type        = string
  default     = "SrqjpV_9G5MasxpSe1OVcg"
}

variable "redeem" {
  description = "The program that redeems the token. Default: redeem.mjs of examples/ci-pipeline."
  type        = string
  default     = null
}

resource "ksm_application" "pipeline" {
  name = "CI pipeline"
}

resource "ksm_shared_folder_grant" "deployment" {
  application_id = ksm_application.pipeline.id
  folder_uid     = var.folder_uid
  editable       = true # the gateway works in the folder, for which Keeper wants edit rights
}

resource "ksm_record_grant" "signing_key" {
  application_id = ksm_application.pipeline.id
  record_uid     = var.record_uid
}

resource "ksm_client_device" "deploy" {
  application_id           = ksm_application.pipeline.id
  name                     = "deploy job"
  token_expires_in_minutes = 15

  # Whoever redeems the token finds the secrets there.
  depends_on = [ksm_shared_folder_grant.deployment, ksm_record_grant.signing_key]
}

resource "ksm_gateway" "datacenter" {
  application_id = ksm_application.pipeline.id
  name           = "datacenter gateway"

  depends_on = [ksm_shared_folder_grant.deployment, ksm_record_grant.signing_key]
}

resource "terraform_data" "consumer" {
  # A new device is a new consumer. The id is no secret; a trigger would show one.
  triggers_replace = ksm_client_device.deploy.id

  provisioner "local-exec" {
    interpreter = ["node"]
    command     = coalesce(var.redeem, "${path.module}/../ci-pipeline/redeem.mjs")
    environment = {
      DEVICE_ONE_TIME_TOKEN       = ksm_client_device.deploy.one_time_token
      DEVICE_HOSTNAME             = ksm_client_device.deploy.hostname
      DEVICE_SERVER_PUBLIC_KEY_ID = data.ksm_service.this.server_public_key_id
      DEVICE_SERVER_PUBLIC_KEY    = data.ksm_service.this.server_public_key
      DEVICE_CA_CERTIFICATE       = data.ksm_service.this.ca_certificate
      # Terraform's own, which an installer would inherit.
      KSM_IAC_TOKEN = ""
    }
  }
}

output "application_id" {
  value = ksm_application.pipeline.id
}
