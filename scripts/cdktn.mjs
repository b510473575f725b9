/** `npm run cdktn`: the constructs for CDK Terrain, the package `cdktn-ksm`, in dist/cdktn/package (scripts/cdktn/main.ts). */
import { ensureCdktn, ensureInstalled } from './setup.mjs';

ensureInstalled();
ensureCdktn();
