import { homedir, userInfo } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder in which the system keeps the data of a program for its user, as the package env-paths has it. (That asks
 * for the home as soon as it is loaded, and so ends the program of a user who has none.)
 * @returns an absolute path; undefined for a user without a home, as there are in containers
 */
export function userDataFolder(program: string, env: Environment, platform = process.platform): string | undefined {
  const { XDG_DATA_HOME = '', LOCALAPPDATA = '' } = env;
  const below = (...parts: readonly string[]): string | undefined => {
    const home = homeFolder(env);
    return home === undefined ? undefined : path.join(home, ...parts);
  };
  switch (platform) {
    case 'win32': {
      const local = LOCALAPPDATA === '' ? below('AppData', 'Local') : LOCALAPPDATA;
      return local === undefined ? undefined : path.join(local, program, 'Data');
    }
    case 'darwin':
      return below('Library', 'Application Support', program);
    default:
      // The specification has what is not absolute passed over.
      return path.isAbsolute(XDG_DATA_HOME) ? path.join(XDG_DATA_HOME, program) : below('.local', 'share', program);
  }
}

/** What the environment says counts only if it is a whole path: with another one data would lie wherever a program is started. */
function homeFolder({ HOME = '' }: Environment): string | undefined {
  if (process.platform !== 'win32' && path.isAbsolute(HOME)) return HOME;
  try {
    const home = process.platform === 'win32' ? homedir() : userInfo().homedir;
    return path.isAbsolute(home) ? home : undefined;
  } catch {
    // The system does not know the user.
    return undefined;
  }
}
