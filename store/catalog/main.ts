import { service } from 'relearn';
import { catalogContract } from './contract.ts';
import { expireReservation } from './expire-reservation.ts';
import { migrations } from './migrations.ts';
import { catalogHandlers } from './service.ts';

export default service({
  contract: catalogContract,
  migrations,
  setup: (context) => ({ handlers: catalogHandlers(context), jobs: [expireReservation(context.clock)] }),
});
