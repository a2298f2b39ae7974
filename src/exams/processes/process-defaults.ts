import type { OperatingSystem, ProcessRule } from './process-policy.js';

/**
 * What organisations without a policy of their own forbid: programs by which somebody else can see or work the machine,
 * and those by which people talk to each other. TRUSTID had two, Skype and TeamViewer. A changed list is a new date.
 * Names are those that the programs' own documentation and packages give their processes; they have not been collected
 * from machines, and vendors rename them. Left out is what distributions start for everybody (gnome-remote-desktop).
 */
export const PROCESS_POLICY_VERSION = '2026-11-25';

const ANYWHERE = [
  // Remote control.
  ...['teamviewer*', 'anydesk*', 'rustdesk*', 'vncviewer*', 'vncserver*', 'winvnc*', 'tvnserver*', 'x11vnc'],
  ...['logmein*', 'splashtop*', 'srserver', 'srmanager', 'supremo*', 'parsecd', 'nomachine*', 'nxserver*'],
  ...[
    'dwagent*',
    'dwservice*',
    'meshagent*',
    'remoting_host',
    'remote_assistance_host',
    'chrome-remote-desktop*',
  ],
  // Messages and calls.
  ...[
    'skype*',
    'discord*',
    'slack*',
    'telegram*',
    'whatsapp*',
    'signal',
    'signal-desktop',
    'viber*',
    'wechat*',
  ],
  ...[
    'line',
    'messenger',
    'facebook messenger',
    'element',
    'element-desktop',
    'teams',
    'ms-teams*',
    'msteams*',
  ],
  ...['microsoft teams*', 'thunderbird'],
];

const ONLY_ON: Record<OperatingSystem, readonly string[]> = {
  WINDOWS: ['mstsc', 'quickassist', 'msra', 'ammyy*', 'aa_v3', 'ultraviewer*', 'outlook', 'olk'],
  MACOS: ['messages', 'facetime', 'mail', 'screensharingd', 'screensharingagent', 'ardagent'],
  LINUX: ['remmina', 'krdc', 'krfb', 'vinagre', 'vino-server', 'xrdp*', 'pidgin', 'hexchat'],
};

export const SHIPPED_PROCESS_POLICY: readonly ProcessRule[] = [
  ...ANYWHERE.map((pattern) => ({ pattern, operatingSystem: null })),
  ...(Object.keys(ONLY_ON) as OperatingSystem[]).flatMap((operatingSystem) =>
    ONLY_ON[operatingSystem].map((pattern) => ({ pattern, operatingSystem })),
  ),
];
