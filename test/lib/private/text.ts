import type { TerraformStack } from 'cdktf';
import { synth } from './stack';

/** The value of an output in the synthesized stack. */
export function output(stack: TerraformStack, name: string): unknown {
  return synth(stack).output[name]!.value;
}
