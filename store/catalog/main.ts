import { service } from 'relearn';
import { catalogContract } from './contract.ts';
import { migrations } from './migrations.ts';
import { catalogHandlers } from './service.ts';

export default service({
  contract: catalogContract,
  migrations,
  setup: (context) => ({ handlers: catalogHandlers(context) }),
});
