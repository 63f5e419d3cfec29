/** Ways in that `imsc online` serves; nobody else carries out their jobs. */
export const onlineProtocols: readonly string[] = ['kafka', 'folder'];
