/** What refusals mean in Greek, by their reason. In English the server says it itself. */
const GREEK: Readonly<Record<string, string>> = {
  INVALID_FIELDS: 'Κάτι από όσα στάλθηκαν δεν είναι σωστό.',
  IMAGE_UNREADABLE: 'Η εικόνα δεν μπορεί να διαβαστεί.',
  IMAGE_TOO_LARGE: 'Η εικόνα είναι πολύ μεγάλη.',
  ROLE_REQUIRED: 'Ο λογαριασμός σας δεν έχει αυτό το δικαίωμα.',
  CONSENT_REQUIRED: 'Χρειάζεται πρώτα η συγκατάθεσή σας για την αναγνώριση προσώπου.',
  APPROVAL_REQUIRED: 'Χρειάζεται πρώτα η έγκριση του προσωπικού.',
  EXAM_NOT_FOUND: 'Αυτή η εξέταση δεν υπάρχει.',
  USER_NOT_FOUND: 'Αυτό το άτομο δεν υπάρχει.',
  REFERENCE_NOT_FOUND: 'Δεν υπάρχει τέτοιο καταχωρισμένο πρόσωπο.',
  CONSENT_NOT_FOUND: 'Δεν υπάρχει τέτοια συγκατάθεση.',
  EXAM_STATE: 'Αυτό δεν είναι δυνατό στο παρόν στάδιο της εξέτασης.',
  NOT_ENROLLED: 'Δεν έχετε εγγραφεί σε αυτή την εξέταση.',
  NOT_VERIFIED: 'Δεν έχετε ταυτοποιηθεί για αυτή την εξέταση ή η ταυτοποίησή σας δεν ισχύει πλέον.',
  NOT_JOINED: 'Δεν έχετε μπει σε αυτή την εξέταση.',
  NUMBER_TAKEN: 'Άλλη εικόνα έχει ήδη αυτόν τον αριθμό.',
  CHECK_STATE: 'Αυτός ο έλεγχος έχει τελειώσει.',
  CHALLENGE_REQUIRED: 'Αυτή η εξέταση ζητά μερικές κινήσεις ακριβώς πριν από την εικόνα.',
  CHALLENGE_NOT_FOUND: 'Αυτή η δοκιμασία δεν υπάρχει ή έχει αρχίσει νεότερη.',
  REFERENCE_MISSING: 'Δεν υπάρχει καταχωρισμένο πρόσωπο για σύγκριση.',
  REFERENCE_IN_USE: 'Το καταχωρισμένο πρόσωπο δεν μπορεί να αλλάξει κατά τη διάρκεια εξέτασης.',
  REPLACEMENT_UNPROVEN:
    'Για να αντικατασταθεί το καταχωρισμένο πρόσωπο χρειάζεται ταυτοποίηση ή η άδεια του προσωπικού.',
  ASSURANCE_TOO_LOW:
    'Αυτή η εξέταση ζητά πρόσωπο που έχει καταχωριστεί με μεγαλύτερη βεβαιότητα. Απευθυνθείτε στο προσωπικό.',
  MODEL_MISMATCH: 'Το πρόσωπό σας καταχωρίστηκε με άλλο μοντέλο· καταχωρίστε το ξανά.',
  VERSION_CONFLICT: 'Άλλαξε στο μεταξύ από κάποιον άλλον. Δοκιμάστε ξανά.',
};

/** Null for a reason that has no words of its own. */
export function inGreek(reason: string): string | null {
  return Object.hasOwn(GREEK, reason) ? (GREEK[reason] ?? null) : null;
}
