import { catalogue } from './i18n.js';

/** Texts that every page has. */
export const common = catalogue(
  {
    product: 'Probity',
    language: 'Language',
    again: 'Try again',
    cancel: 'Cancel',
    working: 'One moment…',
    unreachable: 'The server does not answer. Your network may be down.',
    refused: (why: string) => `That was refused: ${why}`,
  },
  {
    product: 'Probity',
    language: 'Γλώσσα',
    again: 'Δοκιμάστε ξανά',
    cancel: 'Άκυρο',
    working: 'Μια στιγμή…',
    unreachable: 'Ο διακομιστής δεν απαντά. Ίσως δεν υπάρχει σύνδεση δικτύου.',
    refused: (why: string) => `Απορρίφθηκε: ${why}`,
  },
);
