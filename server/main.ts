import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './startServer.ts';

/** The program: speaks over what the command line says, `--stdio`, `--node-ipc`, `--pipe=…` or `--socket=…`. */
startServer(createConnection(ProposedFeatures.all));
