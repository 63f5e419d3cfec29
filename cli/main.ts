#!/usr/bin/env node
import { requireCompiled } from './compiledCode.ts';

requireCompiled('../later/commandLine.cjs');
