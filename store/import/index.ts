export { importCommands } from './commands.ts';
export { importInteractions } from './import-interactions.ts';
export { importOnlineRetail, type OnlineRetail, readOnlineRetail } from './import-online-retail.ts';
export { importProducts } from './import-products.ts';
export { type ImportSummary, summaryLines } from './summary.ts';
export type { CatalogClient, ImportOptions, RecommenderClient } from './write-batches.ts';
