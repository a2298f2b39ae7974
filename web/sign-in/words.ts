import { catalogue } from '../lib/i18n.js';

/** Texts of the sign-in page. */
export const say = catalogue(
  {
    title: 'Sign in',
    organisation: 'Organisation',
    with: (name: string) => `Sign in with ${name}`,
    passwordTitle: 'With a password',
    email: 'E-mail',
    password: 'Password',
    signIn: 'Sign in',
    signedInTitle: 'You are signed in',
    signedInAs: (name: string, email: string) => `As ${name} (${email}).`,
    goOn: 'Continue',
    signOut: 'Sign out',
    signedOut: 'You are signed out.',

    refused:
      'Signing in through the university did not work. Try again; if it fails again, tell your administrator.',
    conflict:
      'There is an account with your e-mail already, which an administrator has to link to the university first. Until then, sign in with its password.',
    notAdmitted: 'The university knows you, but there is no account for you here. Ask your administrator.',
    unavailable: 'This way to sign in does not work at the moment.',
    wrong: 'The e-mail or the password is wrong.',
    wait: 'Too many attempts. Wait a moment, then try again.',
    other: 'Something went wrong. Try again.',
  },
  {
    title: 'Σύνδεση',
    organisation: 'Οργανισμός',
    with: (name: string) => `Σύνδεση μέσω: ${name}`,
    passwordTitle: 'Με κωδικό πρόσβασης',
    email: 'E-mail',
    password: 'Κωδικός πρόσβασης',
    signIn: 'Σύνδεση',
    signedInTitle: 'Έχετε συνδεθεί',
    signedInAs: (name: string, email: string) => `Ως ${name} (${email}).`,
    goOn: 'Συνέχεια',
    signOut: 'Αποσύνδεση',
    signedOut: 'Έχετε αποσυνδεθεί.',

    refused:
      'Η σύνδεση μέσω του πανεπιστημίου δεν πέτυχε. Δοκιμάστε ξανά· αν αποτύχει πάλι, ενημερώστε τον διαχειριστή σας.',
    conflict:
      'Υπάρχει ήδη λογαριασμός με το e-mail σας και πρέπει πρώτα ένας διαχειριστής να τον συνδέσει με το πανεπιστήμιο. Μέχρι τότε, συνδεθείτε με τον κωδικό του.',
    notAdmitted:
      'Το πανεπιστήμιο σας γνωρίζει, αλλά δεν υπάρχει εδώ λογαριασμός για εσάς. Απευθυνθείτε στον διαχειριστή σας.',
    unavailable: 'Αυτός ο τρόπος σύνδεσης δεν λειτουργεί αυτή τη στιγμή.',
    wrong: 'Το e-mail ή ο κωδικός πρόσβασης είναι λάθος.',
    wait: 'Πάρα πολλές προσπάθειες. Περιμένετε λίγο και δοκιμάστε ξανά.',
    other: 'Κάτι πήγε στραβά. Δοκιμάστε ξανά.',
  },
);

type Problem = 'refused' | 'conflict' | 'notAdmitted' | 'unavailable' | 'wrong' | 'wait';

/** What a reason of the server means to whoever signs in. */
const PROBLEMS: Record<string, Problem> = {
  SSO_REFUSED: 'refused',
  ACCOUNT_CONFLICT: 'conflict',
  ACCOUNT_NOT_ADMITTED: 'notAdmitted',
  PROVIDER_NOT_FOUND: 'unavailable',
  PROVIDER_UNAVAILABLE: 'unavailable',
  CREDENTIALS_WRONG: 'wrong',
  TOO_MANY_ATTEMPTS: 'wait',
};

export function problemInWords(reason: string): string {
  const problem = Object.hasOwn(PROBLEMS, reason) ? PROBLEMS[reason] : undefined;
  return say()[problem ?? 'other'];
}
