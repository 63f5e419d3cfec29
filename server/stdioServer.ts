'load later';

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './startServer.ts';

/** Speaks over what the command line says, `--stdio`, `--node-ipc`, `--pipe=…` or `--socket=…`. */
startServer(createConnection(ProposedFeatures.all));
