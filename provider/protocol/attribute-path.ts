import type { AttributePath } from '../framework/path';
import type { AttributePath as WirePath } from './generated/tfplugin6';

export function pathToWire(path: AttributePath): WirePath {
  return {
    steps: path.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      if (typeof step === 'number') return { elementKeyInt: step };
      return { elementKeyString: step.mapKey };
    }),
  };
}
