#!/usr/bin/env node
import { requireCompiled } from '../core/files/compiledCode.ts';

requireCompiled('../later/commandLine.cjs');
