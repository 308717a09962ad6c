export { artifactsSuite } from '../artifacts/artifacts-suite.ts';
export { busSuite } from '../bus/bus-suite.ts';
export { seededRandom } from '../loop/seeded-random.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export { type TemporaryHome, temporaryHome } from './temporary-home.ts';
