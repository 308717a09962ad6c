import { ownToken } from '../service/index.ts';
import { command } from './command.ts';

/** `relearn token` */
export const tokenCommand = command({
  name: 'token',
  summary:
    'Print a token, good for a minute, with which to call the running services: curl -H "Authorization: Bearer …"',
  usage: '',
  positionalsMax: 0,
  async run({ home, out }) {
    const token = await ownToken(home);
    out.line(await token());
  },
});
