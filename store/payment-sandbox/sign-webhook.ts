import { createHmac } from 'node:crypto';

/**
 * Signs a webhook as Stripe does: `t=<seconds>,v1=<HMAC-SHA256 of "seconds.body", hex>`. The time is signed too, so that a message which was
 * overheard cannot be sent again later.
 */
export function signWebhook(body: string, { secret, nowMs }: { secret: string; nowMs: number }): string {
  const seconds = Math.floor(nowMs / 1_000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}
