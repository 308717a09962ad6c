#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read too: nothing else is loaded before the version is known.
const NODE_MAJOR_MIN = 24;
const version = process.versions.node;

if (Number(version.split('.')[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `Relearn needs Node ${NODE_MAJOR_MIN} or later and found ${version}.\n` +
      'npm ci brings the right one along: use npm start, or npm run relearn -- COMMAND.\n',
  );
  process.exit(1);
}

const { main } = await import('../packages/relearn/src/cli/main.ts');
await main(process.argv.slice(2));
