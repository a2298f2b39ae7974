/** The wallet: templates on the student's phone, and on the server only while they are needed (docs/adr/0016). */
import type { SubjectData } from '../biometrics/index.js';
import type { Handlers } from '../grpc/index.js';
import type { WalletServiceService } from '../grpc/gen/probity/biometrics/v1/wallet_service.js';
import type { Job } from '../jobs/index.js';
import { loanJob, receiptJob } from './jobs.js';
import { createPhones } from './phones.js';
import { walletService } from './service.js';
import { walletData } from './subject-data.js';
import { createWallet, type WalletDependencies } from './wallet.js';

export { expoPush } from './expo.js';
export type { ExamsAhead, Push } from './ports.js';
export type { WalletDependencies } from './wallet.js';

export interface WalletRoom {
  handlers: { wallet: Handlers<typeof WalletServiceService> };
  jobs: Job[];
  subjectData: SubjectData;
}

export function createWalletRoom(dependencies: WalletDependencies): WalletRoom {
  const phones = createPhones(dependencies);
  const wallet = createWallet({ ...dependencies, phones });
  return {
    handlers: { wallet: walletService({ ...dependencies, wallet, phones }) },
    jobs: [loanJob(wallet), receiptJob(phones, dependencies.clock)],
    subjectData: walletData({ ...dependencies, wallet, phones }),
  };
}
