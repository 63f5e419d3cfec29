import { newProposal } from './catalogueRoutes.ts';
import type { Document, Store } from './store.ts';

const created = { createdBy: 'sandbox', updatedBy: 'sandbox', createdAt: '2025-01-01T00:00:00.000Z', updatedAt: '2025-01-01T00:00:00.000Z', __v: 0 }; // prettier-ignore

const instruments = [
  { uniqueName: 'ESS:CODA', name: 'coda' },
  { uniqueName: 'ESS:ODIN', name: 'odin' },
  { uniqueName: 'ESS:DREAM', name: 'dream' },
  { uniqueName: 'ESS:LOKI', name: 'loki' },
].map((instrument): Document => {
  const pid = `20.500.12269/instrument/${instrument.name}`;
  return { ...created, ...instrument, customMetadata: {}, pid, _id: pid, id: pid };
});

const proposals = [
  {
    proposalId: '443503',
    title: 'Vanadium calibration',
    pi_firstname: 'Ada',
    pi_lastname: 'Lovelace',
    firstname: 'Grace',
    lastname: 'Hopper',
  },
  {
    proposalId: '123456',
    title: 'Imaging of batteries',
    pi_firstname: 'Lise',
    pi_lastname: 'Meitner',
    firstname: 'Marie',
    lastname: 'Curie',
  },
  // Those of the files in samples/.
  {
    proposalId: '443604',
    title: 'Magnetic order in MnF2',
    pi_firstname: 'Maren',
    pi_lastname: 'Solberg',
    firstname: 'Maren',
    lastname: 'Solberg',
  },
  {
    proposalId: '443618',
    title: 'Micelles in heavy water',
    pi_firstname: 'Ida',
    pi_lastname: 'Holm',
    firstname: 'Ida',
    lastname: 'Holm',
  },
].map(storedProposal);

interface Proposal {
  readonly proposalId: string;
  readonly title: string;
  readonly pi_firstname: string;
  readonly pi_lastname: string;
  readonly firstname: string;
  readonly lastname: string;
}

function storedProposal(proposal: Proposal): Document {
  const address = (name: string): string => `${name.toLowerCase()}@sandbox.example`;
  return {
    ...newProposal({
      abstract: '',
      startTime: '2025-01-01T00:00:00.000Z',
      endTime: '2025-12-31T00:00:00.000Z',
      ...proposal,
    }),
    ...created,
    ownerGroup: proposal.proposalId,
    accessGroups: ['ingestor'],
    pi_email: address(proposal.pi_firstname),
    email: address(proposal.firstname),
    _id: proposal.proposalId,
    id: proposal.proposalId,
  };
}

const samples = ['Vanadium rod', 'Silicon powder'].map((description, index): Document => {
  const sampleId = `sandbox-sample-${index + 1}`;
  return {
    ...created,
    ownerGroup: '443503',
    accessGroups: ['ingestor'],
    isPublished: false,
    sampleName: description,
    description,
    proposalId: '443503',
    sampleId,
    _id: sampleId,
  };
});

/** Puts a few instruments, proposals and samples into a store that has none. */
export async function seed(store: Store): Promise<void> {
  const all = { instruments, proposals, samples };
  for (const name of ['instruments', 'proposals', 'samples'] as const) {
    if (store[name].all.length > 0) continue;
    for (const document of all[name]) await store[name].put(String(document['_id']), document);
  }
}

/** Adds proposals of which only the id is known; their people are invented. */
export async function addProposals({ proposals }: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if (proposals.get(id)) continue;
    const [first, last] = ['Emmy', 'Noether'];
    const people = { pi_firstname: first, pi_lastname: last, firstname: first, lastname: last };
    await proposals.put(id, storedProposal({ proposalId: id, title: `Proposal ${id} of the sandbox`, ...people }));
  }
}
