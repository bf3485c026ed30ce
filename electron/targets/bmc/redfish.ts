import { z } from 'zod';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { askHttps, type HttpsAnswer } from './ask-https.ts';
import type { Asking, Controller } from './controller.ts';

/** A place on the controller, as it names it itself. */
const place = z.string().regex(/^\/redfish\/v1\/[\w./~%-]{1,500}$/);
const systemsSchema = z.object({ Members: z.array(z.object({ '@odata.id': place })) });
const systemSchema = z.object({
  PowerState: z.string().max(40),
  Actions: z.object({ '#ComputerSystem.Reset': z.object({ target: place }) }),
});
type System = z.infer<typeof systemSchema>;

/**
 * Redfish over HTTPS, with the certificate that the user has confirmed. A password is sent behind that check only.
 * @see https://www.dmtf.org/sites/default/files/standards/documents/DSP0266_1.20.0.pdf (Basic authentication, actions)
 * @see https://redfish.dmtf.org/schemas/v1/ComputerSystem.json (PowerState, ComputerSystem.Reset)
 */
export function redfish(controller: Host, asking: Asking): Controller {
  const ask = async (path: string, body?: object): Promise<HttpsAnswer> => {
    const answer = await askHttps(controller, { path, ...asking, ...(body && { body }) });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refused(controller, answer.status, path);
  };
  const system = async (): Promise<System> => {
    const { Members } = read(controller, systemsSchema, await ask('/redfish/v1/Systems'));
    const [only] = Members;
    if (only && Members.length === 1) return read(controller, systemSchema, await ask(only['@odata.id']));
    const what = `it manages ${Members.length} systems, and which of them is meant is not known`;
    throw hostFault(controller, 'unexpected-answer', what, 'Use a controller that manages this host alone.');
  };
  return {
    isOn: async () => (await system()).PowerState === 'On',
    async powerOn() {
      const { Actions } = await system();
      await ask(Actions['#ComputerSystem.Reset'].target, { ResetType: 'On' });
    },
  };
}

function read<T>(controller: Host, schema: z.ZodType<T>, { body }: HttpsAnswer): T {
  const parsed = schema.safeParse(safeJson(body));
  if (parsed.success) return parsed.data;
  const what = `it does not answer as Redfish does: ${body.slice(0, 100)}`;
  throw hostFault(controller, 'unexpected-answer', what, 'Look what answers at that port.');
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(controller: Host, status: number, path: string) {
  if (status === 401)
    return hostFault(
      controller,
      'login-refused',
      `it does not let ${controller.user} in`,
      'Enter the password of its user again.',
    );
  if (status === 403)
    return hostFault(
      controller,
      'not-allowed',
      `it does not let ${controller.user} do this (${path})`,
      'Give its user the right to switch the host on.',
    );
  return hostFault(
    controller,
    'command-failed',
    `it answered ${status} to ${path}`,
    'Look at the log of the controller.',
  );
}
