import type { Remark } from '../../../grpc/gen/probity/biometrics/v1/finding.js';
import type { CaptureAnomaly } from '../../../grpc/gen/probity/exams/v1/monitor_service.js';

/** What is said to people, in the languages that we speak. Total: a remark without words does not compile. */

export const LANGUAGES = ['en', 'el'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Sentence = Readonly<Record<Language, string>>;

type Given<E extends string> = Exclude<E, `${string}_UNSPECIFIED` | 'UNRECOGNIZED'>;

const REASONS = {
  REMARK_NO_FACE: { en: 'There is no face in the picture.', el: 'Δεν φαίνεται πρόσωπο στην εικόνα.' },
  REMARK_SEVERAL_FACES: {
    en: 'There are several faces in the picture.',
    el: 'Φαίνονται περισσότερα από ένα πρόσωπα στην εικόνα.',
  },
  REMARK_QUALITY_TOO_LOW: {
    en: 'The picture is not good enough.',
    el: 'Η εικόνα δεν είναι αρκετά καλή.',
  },
  REMARK_SCORE_BETWEEN_THRESHOLDS: {
    en: 'The faces are neither alike nor different enough to say.',
    el: 'Τα πρόσωπα δεν μοιάζουν ούτε διαφέρουν αρκετά για να βγει συμπέρασμα.',
  },
  REMARK_LOOKS_LIKE_A_SCREEN: {
    en: 'The picture looks like a screen or a print.',
    el: 'Η εικόνα μοιάζει με οθόνη ή εκτύπωση.',
  },
  REMARK_LIVENESS_NOT_ASSESSED: {
    en: 'It could not be assessed whether this is a live picture.',
    el: 'Δεν ήταν δυνατό να εκτιμηθεί αν η εικόνα είναι ζωντανή.',
  },
  REMARK_ANOTHER_PERSON: {
    en: 'This does not look like the same person as in the pictures that are enrolled already.',
    el: 'Δεν φαίνεται να είναι το ίδιο πρόσωπο με τις εικόνες που έχουν ήδη καταχωριστεί.',
  },
  REMARK_ENROLLED_ALREADY: {
    en: 'This picture is enrolled already; another one says more.',
    el: 'Αυτή η εικόνα έχει ήδη καταχωριστεί· μια άλλη θα βοηθούσε περισσότερο.',
  },
  REMARK_REFERENCE_FULL: {
    en: 'All the pictures that are kept are there.',
    el: 'Υπάρχουν ήδη όλες οι εικόνες που φυλάσσονται.',
  },
  REMARK_SEEN_BEFORE: {
    en: 'This picture was seen before; only new ones count.',
    el: 'Αυτή η εικόνα έχει ξαναφανεί· μετρούν μόνο νέες εικόνες.',
  },
} as const satisfies Partial<Record<Remark, Sentence>>;

const ADVICE = {
  REMARK_SHOW_FACE: { en: 'Show your face to the camera.', el: 'Δείξτε το πρόσωπό σας στην κάμερα.' },
  REMARK_BE_ALONE: {
    en: 'Make sure that nobody else is in the picture.',
    el: 'Φροντίστε να μη φαίνεται κανείς άλλος στην εικόνα.',
  },
  REMARK_HOLD_STILL: {
    en: 'Hold still and let the camera focus.',
    el: 'Μείνετε ακίνητοι και αφήστε την κάμερα να εστιάσει.',
  },
  REMARK_LESS_NOISE: {
    en: 'The picture is too noisy; use more light.',
    el: 'Η εικόνα έχει πολύ θόρυβο· χρειάζεται περισσότερο φως.',
  },
  REMARK_MORE_LIGHT: { en: 'More light on your face.', el: 'Περισσότερο φως στο πρόσωπό σας.' },
  REMARK_LESS_LIGHT: { en: 'Less light on your face.', el: 'Λιγότερο φως στο πρόσωπό σας.' },
  REMARK_EVEN_LIGHT: {
    en: 'Use even light from the front.',
    el: 'Χρησιμοποιήστε ομοιόμορφο φως από μπροστά.',
  },
  REMARK_CLEAN_LENS: {
    en: 'Use even light from the front and clean the lens.',
    el: 'Χρησιμοποιήστε ομοιόμορφο φως από μπροστά και καθαρίστε τον φακό.',
  },
  REMARK_SOFT_LIGHT: {
    en: 'Avoid hard light and deep shadow on your face.',
    el: 'Αποφύγετε το σκληρό φως και τις έντονες σκιές στο πρόσωπό σας.',
  },
  REMARK_MOVE_CLOSER: { en: 'Move closer.', el: 'Πλησιάστε.' },
  REMARK_MOVE_BACK: { en: 'Move back.', el: 'Απομακρυνθείτε λίγο.' },
  REMARK_MOVE_TO_THE_MIDDLE: {
    en: 'Move to the middle of the picture.',
    el: 'Ελάτε στο κέντρο της εικόνας.',
  },
  REMARK_SHOW_WHOLE_FACE: { en: 'Show your whole face.', el: 'Δείξτε ολόκληρο το πρόσωπό σας.' },
  REMARK_LOOK_STRAIGHT: {
    en: 'Look straight into the camera.',
    el: 'Κοιτάξτε κατευθείαν στην κάμερα.',
  },
  REMARK_LEVEL_HEAD: {
    en: 'Raise or lower your head to look straight into the camera.',
    el: 'Σηκώστε ή χαμηλώστε το κεφάλι για να κοιτάτε κατευθείαν στην κάμερα.',
  },
  REMARK_HOLD_UPRIGHT: { en: 'Hold your head upright.', el: 'Κρατήστε το κεφάλι σας όρθιο.' },
  REMARK_OPEN_EYES: {
    en: 'Open your eyes and take off dark glasses.',
    el: 'Ανοίξτε τα μάτια σας και βγάλτε τα σκούρα γυαλιά.',
  },
  REMARK_LOOK_STRAIGHT_IN_GOOD_LIGHT: {
    en: 'Look straight into the camera, in good light.',
    el: 'Κοιτάξτε κατευθείαν στην κάμερα, με καλό φως.',
  },
  REMARK_TAKE_ANOTHER: { en: 'Take another picture.', el: 'Τραβήξτε άλλη εικόνα.' },
  REMARK_TURN_FURTHER: {
    en: 'Turn your head a little further.',
    el: 'Γυρίστε λίγο περισσότερο το κεφάλι σας.',
  },
  REMARK_OPEN_EYES_AGAIN: { en: 'Now open your eyes again.', el: 'Τώρα ανοίξτε ξανά τα μάτια σας.' },
} as const satisfies Partial<Record<Remark, Sentence>>;

const REMARKS: Record<Given<Remark>, Sentence> = { ...REASONS, ...ADVICE };

/** What is odd about a frame as a capture. */
const ANOMALIES: Record<Given<CaptureAnomaly>, Sentence> = {
  CAPTURE_ANOMALY_SAME_BYTES: {
    en: 'The very same picture was sent before.',
    el: 'Η ίδια ακριβώς εικόνα είχε σταλεί και πριν.',
  },
  CAPTURE_ANOMALY_NEAR_IDENTICAL: {
    en: 'The picture is too alike to an earlier one to be a new capture.',
    el: 'Η εικόνα μοιάζει υπερβολικά με προηγούμενη για να είναι νέα λήψη.',
  },
  CAPTURE_ANOMALY_STALE_TIME: {
    en: 'The picture was not taken now, by the clock of the computer.',
    el: 'Η εικόνα δεν τραβήχτηκε τώρα, σύμφωνα με το ρολόι του υπολογιστή.',
  },
  CAPTURE_ANOMALY_SEQUENCE_JUMP: {
    en: 'A picture is missing before this one.',
    el: 'Λείπει μια εικόνα πριν από αυτή.',
  },
  CAPTURE_ANOMALY_UNREADABLE: {
    en: 'The picture cannot be read.',
    el: 'Η εικόνα δεν μπορεί να διαβαστεί.',
  },
};

/** Remarks in three parts: why, what helps, and both in words. What we do not know, an older façade, says nothing. */
export function remarksAnswer(remarks: readonly Remark[], language: Language) {
  const known = remarks.filter((each): each is Given<Remark> => each in REMARKS);
  return {
    reasons: known.filter((each) => each in REASONS).map(code),
    advice: known.filter((each) => each in ADVICE).map(code),
    words: known.map((each) => REMARKS[each][language]),
  };
}

/** What is odd about a frame: codes, and words. */
export function anomaliesAnswer(anomalies: readonly CaptureAnomaly[], language: Language) {
  const known = anomalies.filter((each): each is Given<CaptureAnomaly> => each in ANOMALIES);
  return {
    reasons: known.map((each) => each.slice('CAPTURE_ANOMALY_'.length)),
    words: known.map((each) => ANOMALIES[each][language]),
  };
}

function code(remark: Given<Remark>): string {
  return remark.slice('REMARK_'.length);
}
