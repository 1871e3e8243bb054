import { cacheRows } from './cache.ts';
import { callRows } from './calls.ts';
import { print } from './print.ts';
import { processRows } from './process.ts';
import { timeRows } from './time.ts';

/** `npm run bench`: what a monitor costs, in counts and ratios, so that two machines and two releases compare. */
print('Calls per monitor, on the simulated AWS and the embedded Kubernetes API', await callRows());
print('Time, against something that every machine has', await timeRows());
print('Memory of the cache, against the JSON it holds', cacheRows());
print('Memory of the bundled operator, against what manifests/deployment.yaml gives it', await processRows());
