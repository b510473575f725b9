/**
 * Keeper's Python SDK knows Keeper's own server keys alone, and what is built on it (the `ksm` CLI, older programs)
 * cannot be told another. Python runs `sitecustomize` at its start; this one adds the key to the SDK's table when the
 * SDK is loaded, in that process and those that inherit its environment.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEVICE_ENV } from './development-environment';

const SITE_CUSTOMIZE = `"""Adds the public key of an embedded vault to the table of Keeper's Python SDK."""
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = "keeper_secrets_manager_core.keeper_globals"


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != TABLE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            module.keeper_public_keys[os.environ["${DEVICE_ENV.serverPublicKeyId}"]] = os.environ[
                "${DEVICE_ENV.serverPublicKey}"
            ]

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder())

# The one that this file stands in front of.
elsewhere = [entry for entry in sys.path if os.path.abspath(entry or ".") != HERE]
hidden = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
if hidden is not None and hidden.loader is not None:
    hidden.loader.exec_module(importlib.util.module_from_spec(hidden))
`;

/** Writes the hook into `dir`, and returns the `PYTHONPATH` with which Python finds it. */
export async function writePythonHook(dir: string, pythonPath: string | undefined): Promise<string> {
  await writeFile(join(dir, 'sitecustomize.py'), SITE_CUSTOMIZE);
  return pythonPath ? `${dir}:${pythonPath}` : dir;
}
