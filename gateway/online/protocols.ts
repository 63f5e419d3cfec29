/** Ways in that `imsc online` serves; nobody else carries out their jobs. */
export const onlineProtocols = ['kafka', 'rabbitmq', 'folder'] as const;
export type OnlineProtocol = (typeof onlineProtocols)[number];

/** Whether a job came in by one of them. */
export function isOnline(protocol: string): boolean {
  return onlineProtocols.some((each) => each === protocol);
}
