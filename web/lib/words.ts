import { catalogue } from './i18n.js';
import { inGreek } from './refusals.js';

/** Texts that every page has. */
export const common = catalogue(
  {
    product: 'Probity',
    language: 'Language',
    signIn: 'Sign in',
    failedTitle: 'Something went wrong',
    again: 'Try again',
    cancel: 'Cancel',
    unreachable: 'The server does not answer. Your network may be down.',
    busy: 'The server is busy. It is tried again in a moment.',
    refused: (_reason: string, why: string) => `That was refused: ${why}`,
    broken: 'This page made a mistake. Load it again.',
  },
  {
    product: 'Probity',
    language: 'Γλώσσα',
    signIn: 'Σύνδεση',
    failedTitle: 'Κάτι πήγε στραβά',
    again: 'Δοκιμάστε ξανά',
    cancel: 'Άκυρο',
    unreachable: 'Ο διακομιστής δεν απαντά. Ίσως δεν υπάρχει σύνδεση δικτύου.',
    busy: 'Ο διακομιστής είναι απασχολημένος. Γίνεται νέα προσπάθεια σε λίγο.',
    refused: (reason: string, why: string) => `Απορρίφθηκε: ${inGreek(reason) ?? why}`,
    broken: 'Αυτή η σελίδα έκανε λάθος. Φορτώστε την ξανά.',
  },
);
