export { artifactsSuite } from '../artifacts/artifacts-suite.ts';
export { busSuite } from '../bus/bus-suite.ts';
export { type NatsServer, noNatsServer, startNatsServer } from '../bus/nats-server.fixture.ts';
export { seededRandom } from '../statistics/seeded-random.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export { historyOf, type RankingCase, type RankingEvent, rankingData, tasteData } from './ranking-data.ts';
export { type RankingKind, rankingSuite } from './ranking-suite.ts';
export { type TemporaryHome, temporaryHome } from './temporary-home.ts';
