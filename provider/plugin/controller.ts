import type { MethodFinder, UnaryMethod } from './grpc';

/**
 * go-plugin's own services beside the provider's. Their messages are so small
 * that they are written here as bytes: `Empty`, and a health status.
 *
 * GRPCStdio and GRPCBroker are left unimplemented: go-plugin does without them.
 */

const EMPTY = new Uint8Array();
/** HealthCheckResponse { status: SERVING }. */
const SERVING = Uint8Array.of(0x08, 0x01);

/**
 * @param shutDown settles what the process made; go-plugin waits for the reply
 *   without limit, and then 2 s for the exit
 */
export function controllerMethods(shutDown: () => Promise<void>): MethodFinder {
  const methods: Record<string, UnaryMethod> = {
    '/plugin.GRPCController/Shutdown': async () => {
      await shutDown();
      return EMPTY;
    },
    '/grpc.health.v1.Health/Check': async () => SERVING,
  };
  return (path) => (Object.hasOwn(methods, path) ? methods[path] : undefined);
}
