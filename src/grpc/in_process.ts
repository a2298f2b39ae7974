import { services, type Core, type CoreHandlers } from './core.js';
import { intercept, type Interceptors } from './interceptors.js';
import type { CallOptions, Handler, MethodDefinition } from './service.js';

/**
 * The core called in the same process: the handlers behind the same interceptors as over a channel, without
 * serialisation or a loopback hop.
 */
export function inProcessCore(handlers: CoreHandlers, around: Interceptors): Core {
  const core: Record<string, Record<string, unknown>> = {};
  for (const [service, definition] of Object.entries(services)) {
    const client: Record<string, unknown> = {};
    for (const [name, method] of Object.entries(definition as Record<string, MethodDefinition>)) {
      const group = handlers[service as keyof CoreHandlers] as Record<string, Handler<MethodDefinition>>;
      const handler = group[name];
      if (!handler) throw new Error(`no handler for ${method.path}`);
      const call = intercept(method, handler, around);
      client[name] = (request: never, options: CallOptions = {}) => call(request, options);
    }
    core[service] = client;
  }
  return core as unknown as Core;
}
