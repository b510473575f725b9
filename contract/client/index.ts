/** The one HTTP client of the API, used by provider and CLI. May import axios and contract/, never schemas. */
export { KsmClient } from './client';
export type { CallOptions, ClientOptions, ExchangeEvent } from './exchange';
export { type Surroundings, systemSurroundings } from './surroundings';
