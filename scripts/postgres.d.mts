/** A PostgreSQL for tests and trials. */
export interface Postgres {
  readonly password: string;
  readonly port: number;
  database(name: string): string;
  ask(address: string, text: string): string;
  crash(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export function startPostgres(say?: (text: string) => void): Promise<Postgres | undefined>;
