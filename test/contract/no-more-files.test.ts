import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundle } from '../fakes/bundle.ts';

it('a computer that has no more files to open starts no program, which is told with what to do', async () => {
  const folder = await bundle('no-more-files', { main: 'test/fakes/no-more-files.ts' });
  const program = [process.execPath, join(folder, 'main.js')];
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', 'ulimit -n 80; exec "$@"', 'sh', ...program]);
  const { notice, bmc } = JSON.parse(stdout);
  const remedy = expect.stringContaining('LimitNOFILE');
  expect(notice).toEqual({
    type: 'retry',
    fault: { code: 'command-failed', what: '/bin/true could not be started (EMFILE).', where: 'Program', remedy },
    after: null,
  });
  expect(bmc).toEqual({
    code: 'command-failed',
    what: 'ipmitool could not be started (EMFILE)',
    where: 'web (127.0.0.1:22)',
    remedy,
  });
  expect(stderr).toBe('');
}, 60_000);
