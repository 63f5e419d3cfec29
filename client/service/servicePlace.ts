import type { Connection } from '../connections/connections.ts';

/** A location of an ingest service, or a file or folder in it. */
export class ServicePlace {
  readonly service: Connection;
  readonly location: string;
  /** Below the location; '' is the location itself. */
  readonly path: string;
  readonly label: string;
  readonly kind: 'location' | 'folder' | 'data' | 'file';

  constructor(service: Connection, location: string, path: string, label: string, kind: ServicePlace['kind']) {
    this.service = service;
    this.location = location;
    this.path = path;
    this.label = label;
    this.kind = kind;
  }
}
