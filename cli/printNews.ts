import path from 'node:path';
import type { JobNews } from '../core/jobs/jobs.ts';
import { ChecksumPace } from './checksumPace.ts';
import { sizeText } from './sizeText.ts';
import type { Terminal } from './terminal.ts';

/** How news are shown to a person who waits for an ingestion; undefined for what is not. */
export interface NewsLine {
  /** `say`: a line that stays; `detail`: one only with `--verbose`; `progress`: one that is written over. */
  readonly as: 'say' | 'detail' | 'progress';
  readonly text: string;
  /** From 0 to 1, where it is known. */
  readonly fraction?: number;
}

export function newsLine(news: JobNews): NewsLine | undefined {
  switch (news.kind) {
    case 'retry': {
      const { attempt, attempts, reason, seconds } = news;
      return { as: 'say', text: `${reason} Attempt ${attempt} of ${attempts}; trying again in ${seconds} s.` };
    }
    case 'checksum': {
      const { file, fileBytesDone, fileBytes } = news;
      if (fileBytes === 0) return undefined;
      const text = `checksum of ${path.basename(file)}: ${sizeText(fileBytesDone)} of ${sizeText(fileBytes)}`;
      return { as: 'progress', text, fraction: fileBytesDone / fileBytes };
    }
    case 'unpacked':
      return { as: 'progress', text: unpackedText(news) };
    case 'sent':
      return {
        'write-file': undefined,
        'archive-job': undefined,
        dataset: datasetLine(news),
        origdatablock: filesLine(news),
      }[news.what];
    case 'request':
      return { as: 'detail', text: news.line };
    default:
      return undefined;
  }
}

/** How much of an archive is unpacked. */
export function unpackedText({ archive, bytes, entries }: Unpacking): string {
  return `unpacking ${archive}: ${(bytes / 1e6).toFixed(1)} MB in ${entries} ${entries === 1 ? 'file' : 'files'}`;
}

type Unpacking = Extract<JobNews, { kind: 'unpacked' }>;
type Sent = Extract<JobNews, { kind: 'sent' }>;

function datasetLine({ pid }: Sent): NewsLine {
  return { as: 'say', text: `Created the dataset ${pid ?? ''}` };
}

function filesLine({ filesSent }: Sent): NewsLine {
  return { as: 'say', text: `Registered ${filesSent} ${filesSent === 1 ? 'file' : 'files'}` };
}

/** Prints news as they come: as lines, or for programs as JSON (`--progress json`). */
export function newsPrinter(terminal: Terminal): (news: JobNews) => void {
  const pace = new ChecksumPace();
  return (news) => {
    const line = newsLine(news);
    if (line?.as === 'progress')
      terminal.progress(line.text, line.fraction, news.kind === 'checksum' ? pace.tell(news) : '');
    else if (line) terminal[line.as](line.text);
  };
}

/** Prints only what is asked of SciCat, for those who have asked for details. */
export function requestPrinter(terminal: Terminal): (news: JobNews) => void {
  const print = newsPrinter(terminal);
  return (news) => {
    if (news.kind === 'request') print(news);
  };
}
