import { DecoratorHandler, type Dispatcher } from 'undici';
import { OutboundError } from './error.js';

/** For libraries that would follow a redirect: the answer ends where it says to go elsewhere. */
export const refuseRedirects: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { host } = new URL(String(options.origin));
  // It speaks to handlers of every age; its types do not say so.
  const decorated: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
  const begin = decorated.onResponseStart?.bind(decorated);
  decorated.onResponseStart = (controller, status, ...answer) => {
    if (status >= 300 && status < 400) controller.abort(redirected(host));
    else begin?.(controller, status, ...answer);
  };
  return dispatch(options, decorated);
};

/** An answer that sends the caller elsewhere. */
export function redirected(host: string): OutboundError {
  return new OutboundError('REDIRECTED', `${host} answers with a redirect, which is not followed.`);
}
