import { catalogue } from '../lib/i18n.js';
import type { AlertType, Contribution, Decision, Exam, Outcome, Student } from './answers.js';
import type { Filter, Order } from './choice.js';

/** Texts of the review page. */
export const say = catalogue(
  {
    title: 'Review',
    principleLabel: 'How to read alerts',
    principle: 'Alerts are hints, and may be wrong. You decide; nothing happens to a student by itself.',
    more: 'Show more',

    signInTitle: 'Sign in to review',
    signInText: 'Open this page from the report of your quiz, or sign in with your university account.',
    launchUsedTitle: 'This link was used already',
    launchUsedText: 'Each link works once. Go back to the report of your quiz and open it again.',
    studentTitle: 'This page is for teachers',
    studentText: 'You are signed in as a student. Ask your teacher if you want to know about an alert.',
    loginOverTitle: 'You were signed out',
    loginOverText: 'Nothing that you decided is lost. Open this page again from your quiz, or sign in.',
    goneTitle: 'There is no such exam',
    goneText: 'It does not exist, or it is not yours to review.',

    examsTitle: 'Your exams',
    examsNone: 'There is no exam for you to review yet.',
    examState: (of: NonNullable<Exam['state']>): string =>
      ({
        UPCOMING: 'Upcoming',
        STARTED: 'On now',
        COMPLETED: 'Over',
      })[of],
    toDecide: (count: number) => (count === 1 ? '1 alert to decide' : `${String(count)} alerts to decide`),
    nothingToDecide: 'Nothing to decide',
    approvals: (count: number) =>
      count === 1 ? '1 student waits for approval' : `${String(count)} students wait for approval`,

    live: 'Live',
    reconnecting: 'Reconnecting…',
    studentsLabel: 'Students',
    studentsNone: 'Nobody is enrolled in this exam yet.',
    studentsNoMatch: 'No student matches. Change the search or the filter.',
    search: 'Search by name or e-mail',
    filter: 'Show',
    filters: (of: Filter): string =>
      ({
        ALL: 'All students',
        UNDECIDED: 'With alerts to decide',
        APPROVAL: 'Waiting for approval',
        PRESENT: 'In the exam now',
        UNIDENTIFIED: 'Not identified',
      })[of],
    sort: 'Order',
    sorts: (of: Order): string => ({ UNDECIDED: 'To decide first', NAME: 'By name' })[of],
    summary: (undecided: number, present: number, all: number) =>
      `${String(undecided)} to decide · ${String(present)} in the exam now · ${String(all)} enrolled`,
    newAlert: (name: string, what: string) => `New alert. ${name}: ${what}.`,

    paused: (why: NonNullable<Student['admissionReason']>): string =>
      why === 'OTHER_PERSON'
        ? 'Paused: asked to show their face again'
        : why === 'CAMERA_LOST'
          ? 'Paused: the camera is gone'
          : 'Paused: nothing is heard of the student',
    present: 'In the exam',
    left: 'Has left',
    identified: 'Identified',
    approvedByStaff: 'Approved by staff',
    waiting: 'Waits for approval',
    notIdentified: 'Not identified',
    noAlerts: 'No alerts',
    allDecided: (count: number) => (count === 1 ? '1 alert, decided' : `${String(count)} alerts, decided`),
    countOf: (what: string, count: number) => (count > 1 ? `${what} (${String(count)}×)` : what),
    lasts: 'still going on',

    backToExam: 'All students of this exam',
    backToExams: 'All exams',
    undecidedTitle: 'To decide',
    undecidedNone: 'Nothing waits for your decision.',
    historyTitle: 'What happened',
    historyNone: 'Nothing yet.',
    lastFrame: 'Last picture',
    joined: 'Joined',
    identity: 'Identity',
    since: (time: string) => `since ${time}`,
    pictures: (count: number) => (count === 1 ? '1 picture compared' : `${String(count)} pictures compared`),

    fromTo: (from: string, to: string) => `${from} to ${to}`,
    fromOn: (from: string) => `since ${from}, still going on`,
    seen: (count: number) => (count === 1 ? 'seen once' : `seen ${String(count)} times`),
    why: 'Why',
    serverSays: 'Recorded reason',
    model: 'Model',
    evidenceLabel: 'Picture kept with this alert',
    evidenceOf: (what: string, name: string, time: string) =>
      `Picture of the alert “${what}”, ${name}, ${time}`,
    evidenceNone: 'No picture was kept with this alert.',
    evidenceGone: 'The picture is no longer kept.',
    evidenceRead: 'Looking at a picture is recorded.',
    likeness: (score: string, threshold: string, enough: boolean) =>
      enough
        ? `Likeness ${score}. That is at least the ${threshold} from which a picture counts as the same person.`
        : `Likeness ${score}. That is below the ${threshold} from which a picture counts as the same person.`,
    evidence: (score: string, threshold: string) =>
      `Evidence ${score}, added up over several comparisons. An alert begins at ${threshold}.`,
    contribution: (modality: string, observations: number) =>
      `${modality}, ${String(observations)} comparisons`,
    modality: (of: NonNullable<Contribution['modality']>): string =>
      ({ FACE: 'Face', VOICE: 'Voice', INTERACTION: 'Typing and mouse' })[of],

    note: 'Note (optional)',
    noteHelp: 'It is kept with your decision and your name.',
    dismiss: 'Dismiss: not a problem',
    confirm: 'Confirm: a problem',
    again: 'Decide again',
    decided: (decision: string, by: string, time: string) => `${decision} by ${by}, ${time}`,
    somebody: 'somebody whose account is gone',
    decisionWords: (of: Decision): string => ({ DISMISSED: 'Dismissed', CONFIRMED: 'Confirmed' })[of],
    saved: 'Your decision is recorded.',

    approve: 'Approve by hand…',
    approveTitle: 'Approve this student by hand?',
    approveText:
      'You confirm that you know who this is. The student may then sit the exam without the camera. Your name and note are kept.',
    approveDo: 'Approve',
    decline: 'Decline the request…',
    declineTitle: 'Decline this request?',
    declineText: 'The student is told to identify by camera, and may ask again.',
    declineDo: 'Decline',
    withdraw: 'Take approval back…',
    withdrawTitle: 'Take the approval back?',
    withdrawText: 'The student has to identify by camera again, or be approved again. Nothing else happens.',
    withdrawDo: 'Take it back',
    asksFor: (words: string) => `Asks for approval: “${words}”`,

    anew: 'Let the face be enrolled anew…',
    anewTitle: 'Let this student’s face be enrolled anew?',
    anewText:
      'Once within 24 hours the student may give new pictures in place of those they are compared with; nothing compares the new with the old. Do this only if you know who asks. While the student sits an exam it is not possible, and shortly before one it raises an alert.',
    anewReason: 'Reason',
    anewDo: 'Allow it',
    anewFact: 'New pictures of the face',
    anewUntil: (time: string) => `may be given until ${time}`,

    attempt: (of: Outcome): string =>
      ({
        MATCH: 'Identified by camera',
        NO_MATCH: 'Identification did not match',
        INCONCLUSIVE: 'Identification was not possible',
      })[of],
    frame: (of: Outcome): string =>
      ({
        MATCH: 'A picture matched',
        NO_MATCH: 'A picture did not match',
        INCONCLUSIVE: 'A picture could not be compared',
      })[of],
    frames: (of: Outcome, count: number): string =>
      ({
        MATCH: `${String(count)} pictures matched`,
        NO_MATCH: `${String(count)} pictures did not match`,
        INCONCLUSIVE: `${String(count)} pictures could not be compared`,
      })[of],
    frameOne: 'One picture is no alert by itself.',
    each: 'Each picture',
    faces: (count: number) =>
      count === 0 ? 'No face in it' : count === 1 ? 'One face in it' : `${String(count)} faces in it`,
    sat: (to: string | null) => (to === null ? 'Joined the exam' : `Joined the exam, left at ${to}`),
    requested: 'Asked for approval by hand',
    approved: (by: string) => `Approved by ${by}`,
    withdrawn: (by: string) => `Approval declined or taken back by ${by}`,
    decidedOn: (decision: string, what: string, by: string) => `${decision}: “${what}”, by ${by}`,

    unknown: 'An alert of another kind',
    alert: (of: AlertType): string =>
      ({
        NO_FACE: 'Nobody in the picture',
        SEVERAL_FACES: 'More than one person',
        DIFFERENT_PERSON: 'Perhaps another person',
        SPOOF_SUSPECTED: 'Perhaps a screen or a print',
        REPLAYED_FRAME: 'The same picture again',
        REPLAYED_SAMPLE: 'The same recording again',
        STREAM_INTERRUPTED: 'Camera or connection interrupted',
        INCONCLUSIVE_TOO_LONG: 'Could not be compared for long',
        REFERENCE_CHANGED: 'Reference was changed',
        FORBIDDEN_PROCESS: 'A program that is not allowed',
      })[of],
    explained: (of: AlertType): string =>
      ({
        NO_FACE:
          'No face was found in several pictures in a row. Often the student leaned away, or the camera slipped.',
        SEVERAL_FACES:
          'More than one face was in the picture. It can be somebody passing by, or a poster on the wall.',
        DIFFERENT_PERSON:
          'Several comparisons together speak against the enrolled student. Poor light, a covered face or an old reference can do the same. Compare the picture with the student yourself.',
        SPOOF_SUSPECTED:
          'The picture repeatedly looked like a screen or a print and not like a person. Glossy light and poor cameras can look the same.',
        REPLAYED_FRAME: 'A picture came that had been sent before. A frozen camera can cause it as well.',
        REPLAYED_SAMPLE: 'A recording came that had been sent before.',
        STREAM_INTERRUPTED:
          'Nothing came from the student for a while. Mostly it is the network, a closed window or the camera.',
        INCONCLUSIVE_TOO_LONG:
          'For a long time it could not be said who is there. Mostly it is the light, the distance or a covered face.',
        REFERENCE_CHANGED:
          'The picture that the student is compared with was replaced or removed shortly before or during the exam.',
        FORBIDDEN_PROCESS:
          'The student’s computer says that a program runs which this exam does not allow. What it says of itself can be wrong.',
      })[of],
  },
  {
    title: 'Έλεγχος',
    principleLabel: 'Πώς διαβάζονται οι ειδοποιήσεις',
    principle:
      'Οι ειδοποιήσεις είναι ενδείξεις και μπορεί να είναι λανθασμένες. Αποφασίζετε εσείς· για τον φοιτητή δεν συμβαίνει τίποτα αυτόματα.',
    more: 'Εμφάνιση περισσότερων',

    signInTitle: 'Συνδεθείτε για έλεγχο',
    signInText:
      'Ανοίξτε αυτή τη σελίδα από την αναφορά του κουίζ σας ή συνδεθείτε με τον πανεπιστημιακό σας λογαριασμό.',
    launchUsedTitle: 'Ο σύνδεσμος έχει ήδη χρησιμοποιηθεί',
    launchUsedText:
      'Κάθε σύνδεσμος λειτουργεί μία φορά. Επιστρέψτε στην αναφορά του κουίζ και ανοίξτε τον ξανά.',
    studentTitle: 'Αυτή η σελίδα είναι για διδάσκοντες',
    studentText: 'Έχετε συνδεθεί ως φοιτητής. Ρωτήστε τον διδάσκοντα αν θέλετε να μάθετε για μια ειδοποίηση.',
    loginOverTitle: 'Αποσυνδεθήκατε',
    loginOverText: 'Καμία απόφασή σας δεν χάθηκε. Ανοίξτε ξανά τη σελίδα από το κουίζ σας ή συνδεθείτε.',
    goneTitle: 'Δεν υπάρχει τέτοια εξέταση',
    goneText: 'Δεν υπάρχει ή δεν είναι δική σας για έλεγχο.',

    examsTitle: 'Οι εξετάσεις σας',
    examsNone: 'Δεν υπάρχει ακόμη εξέταση για έλεγχο.',
    examState: (of: NonNullable<Exam['state']>): string =>
      ({
        UPCOMING: 'Προσεχώς',
        STARTED: 'Σε εξέλιξη',
        COMPLETED: 'Ολοκληρώθηκε',
      })[of],
    toDecide: (count: number) =>
      count === 1 ? '1 ειδοποίηση προς απόφαση' : `${String(count)} ειδοποιήσεις προς απόφαση`,
    nothingToDecide: 'Τίποτα προς απόφαση',
    approvals: (count: number) =>
      count === 1 ? '1 φοιτητής περιμένει έγκριση' : `${String(count)} φοιτητές περιμένουν έγκριση`,

    live: 'Ζωντανά',
    reconnecting: 'Επανασύνδεση…',
    studentsLabel: 'Φοιτητές',
    studentsNone: 'Δεν έχει εγγραφεί ακόμη κανείς σε αυτή την εξέταση.',
    studentsNoMatch: 'Δεν βρέθηκε φοιτητής. Αλλάξτε την αναζήτηση ή το φίλτρο.',
    search: 'Αναζήτηση με όνομα ή e-mail',
    filter: 'Εμφάνιση',
    filters: (of: Filter): string =>
      ({
        ALL: 'Όλοι οι φοιτητές',
        UNDECIDED: 'Με ειδοποιήσεις προς απόφαση',
        APPROVAL: 'Περιμένουν έγκριση',
        PRESENT: 'Τώρα στην εξέταση',
        UNIDENTIFIED: 'Χωρίς ταυτοποίηση',
      })[of],
    sort: 'Σειρά',
    sorts: (of: Order): string => ({ UNDECIDED: 'Πρώτα όσα εκκρεμούν', NAME: 'Κατά όνομα' })[of],
    summary: (undecided: number, present: number, all: number) =>
      `${String(undecided)} προς απόφαση · ${String(present)} τώρα στην εξέταση · ${String(all)} εγγεγραμμένοι`,
    newAlert: (name: string, what: string) => `Νέα ειδοποίηση. ${name}: ${what}.`,

    paused: (why: NonNullable<Student['admissionReason']>): string =>
      why === 'OTHER_PERSON'
        ? 'Σε παύση: ζητήθηκε να δείξει ξανά το πρόσωπό του'
        : why === 'CAMERA_LOST'
          ? 'Σε παύση: η κάμερα δεν είναι διαθέσιμη'
          : 'Σε παύση: δεν υπάρχει σήμα από τον φοιτητή',
    present: 'Στην εξέταση',
    left: 'Αποχώρησε',
    identified: 'Ταυτοποιήθηκε',
    approvedByStaff: 'Εγκρίθηκε από το προσωπικό',
    waiting: 'Περιμένει έγκριση',
    notIdentified: 'Χωρίς ταυτοποίηση',
    noAlerts: 'Καμία ειδοποίηση',
    allDecided: (count: number) =>
      count === 1 ? '1 ειδοποίηση, αποφασισμένη' : `${String(count)} ειδοποιήσεις, αποφασισμένες`,
    countOf: (what: string, count: number) => (count > 1 ? `${what} (${String(count)}×)` : what),
    lasts: 'συνεχίζεται',

    backToExam: 'Όλοι οι φοιτητές της εξέτασης',
    backToExams: 'Όλες οι εξετάσεις',
    undecidedTitle: 'Προς απόφαση',
    undecidedNone: 'Τίποτα δεν περιμένει την απόφασή σας.',
    historyTitle: 'Τι συνέβη',
    historyNone: 'Τίποτα ακόμη.',
    lastFrame: 'Τελευταία εικόνα',
    joined: 'Συνδέθηκε',
    identity: 'Ταυτότητα',
    since: (time: string) => `από ${time}`,
    pictures: (count: number) =>
      count === 1 ? 'συγκρίθηκε 1 εικόνα' : `συγκρίθηκαν ${String(count)} εικόνες`,

    fromTo: (from: string, to: string) => `${from} έως ${to}`,
    fromOn: (from: string) => `από ${from}, συνεχίζεται`,
    seen: (count: number) => (count === 1 ? 'παρατηρήθηκε μία φορά' : `παρατηρήθηκε ${String(count)} φορές`),
    why: 'Γιατί',
    serverSays: 'Καταγεγραμμένος λόγος',
    model: 'Μοντέλο',
    evidenceLabel: 'Εικόνα που φυλάχθηκε με την ειδοποίηση',
    evidenceOf: (what: string, name: string, time: string) =>
      `Εικόνα της ειδοποίησης «${what}», ${name}, ${time}`,
    evidenceNone: 'Δεν φυλάχθηκε εικόνα με αυτή την ειδοποίηση.',
    evidenceGone: 'Η εικόνα δεν φυλάσσεται πια.',
    evidenceRead: 'Η προβολή μιας εικόνας καταγράφεται.',
    likeness: (score: string, threshold: string, enough: boolean) =>
      enough
        ? `Ομοιότητα ${score}. Είναι τουλάχιστον ${threshold}, από όπου μια εικόνα θεωρείται του ίδιου προσώπου.`
        : `Ομοιότητα ${score}. Είναι κάτω από ${threshold}, από όπου μια εικόνα θεωρείται του ίδιου προσώπου.`,
    evidence: (score: string, threshold: string) =>
      `Ένδειξη ${score}, αθροισμένη από πολλές συγκρίσεις. Ειδοποίηση αρχίζει στο ${threshold}.`,
    contribution: (modality: string, observations: number) =>
      `${modality}, ${String(observations)} συγκρίσεις`,
    modality: (of: NonNullable<Contribution['modality']>): string =>
      ({ FACE: 'Πρόσωπο', VOICE: 'Φωνή', INTERACTION: 'Πληκτρολόγηση και ποντίκι' })[of],

    note: 'Σημείωση (προαιρετική)',
    noteHelp: 'Φυλάσσεται με την απόφαση και το όνομά σας.',
    dismiss: 'Απόρριψη: δεν είναι πρόβλημα',
    confirm: 'Επιβεβαίωση: είναι πρόβλημα',
    again: 'Νέα απόφαση',
    decided: (decision: string, by: string, time: string) => `${decision} από ${by}, ${time}`,
    somebody: 'κάποιον του οποίου ο λογαριασμός δεν υπάρχει πια',
    decisionWords: (of: Decision): string => ({ DISMISSED: 'Απορρίφθηκε', CONFIRMED: 'Επιβεβαιώθηκε' })[of],
    saved: 'Η απόφασή σας καταγράφηκε.',

    approve: 'Έγκριση με το χέρι…',
    approveTitle: 'Έγκριση του φοιτητή με το χέρι;',
    approveText:
      'Βεβαιώνετε ότι γνωρίζετε ποιος είναι. Ο φοιτητής μπορεί τότε να εξεταστεί χωρίς την κάμερα. Φυλάσσονται το όνομα και η σημείωσή σας.',
    approveDo: 'Έγκριση',
    decline: 'Απόρριψη του αιτήματος…',
    declineTitle: 'Απόρριψη του αιτήματος;',
    declineText: 'Ζητείται από τον φοιτητή να ταυτοποιηθεί με κάμερα, και μπορεί να ζητήσει ξανά.',
    declineDo: 'Απόρριψη',
    withdraw: 'Ανάκληση της έγκρισης…',
    withdrawTitle: 'Ανάκληση της έγκρισης;',
    withdrawText:
      'Ο φοιτητής πρέπει να ταυτοποιηθεί ξανά με κάμερα ή να εγκριθεί ξανά. Δεν συμβαίνει τίποτα άλλο.',
    withdrawDo: 'Ανάκληση',
    asksFor: (words: string) => `Ζητά έγκριση: «${words}»`,

    anew: 'Νέα καταχώριση του προσώπου…',
    anewTitle: 'Να επιτραπεί νέα καταχώριση του προσώπου;',
    anewText:
      'Μία φορά μέσα σε 24 ώρες ο φοιτητής μπορεί να δώσει νέες εικόνες στη θέση εκείνων με τις οποίες συγκρίνεται· οι νέες δεν συγκρίνονται με τις παλιές. Κάντε το μόνο αν γνωρίζετε ποιος το ζητά. Όσο ο φοιτητής εξετάζεται δεν είναι δυνατό, και λίγο πριν από εξέταση προκαλεί ειδοποίηση.',
    anewReason: 'Λόγος',
    anewDo: 'Να επιτραπεί',
    anewFact: 'Νέες εικόνες του προσώπου',
    anewUntil: (time: string) => `επιτρέπονται έως ${time}`,

    attempt: (of: Outcome): string =>
      ({
        MATCH: 'Ταυτοποιήθηκε με κάμερα',
        NO_MATCH: 'Η ταυτοποίηση δεν ταίριαξε',
        INCONCLUSIVE: 'Η ταυτοποίηση δεν ήταν δυνατή',
      })[of],
    frame: (of: Outcome): string =>
      ({
        MATCH: 'Μια εικόνα ταίριαξε',
        NO_MATCH: 'Μια εικόνα δεν ταίριαξε',
        INCONCLUSIVE: 'Μια εικόνα δεν μπόρεσε να συγκριθεί',
      })[of],
    frames: (of: Outcome, count: number): string =>
      ({
        MATCH: `${String(count)} εικόνες ταίριαξαν`,
        NO_MATCH: `${String(count)} εικόνες δεν ταίριαξαν`,
        INCONCLUSIVE: `${String(count)} εικόνες δεν μπόρεσαν να συγκριθούν`,
      })[of],
    frameOne: 'Μία εικόνα μόνη της δεν είναι ειδοποίηση.',
    each: 'Κάθε εικόνα',
    faces: (count: number) =>
      count === 0 ? 'Κανένα πρόσωπο' : count === 1 ? 'Ένα πρόσωπο' : `${String(count)} πρόσωπα`,
    sat: (to: string | null) =>
      to === null ? 'Μπήκε στην εξέταση' : `Μπήκε στην εξέταση, αποχώρησε στις ${to}`,
    requested: 'Ζήτησε έγκριση με το χέρι',
    approved: (by: string) => `Εγκρίθηκε από ${by}`,
    withdrawn: (by: string) => `Η έγκριση απορρίφθηκε ή ανακλήθηκε από ${by}`,
    decidedOn: (decision: string, what: string, by: string) => `${decision}: «${what}», από ${by}`,

    unknown: 'Ειδοποίηση άλλου είδους',
    alert: (of: AlertType): string =>
      ({
        NO_FACE: 'Κανείς στην εικόνα',
        SEVERAL_FACES: 'Περισσότερα από ένα πρόσωπα',
        DIFFERENT_PERSON: 'Ίσως άλλο πρόσωπο',
        SPOOF_SUSPECTED: 'Ίσως οθόνη ή εκτύπωση',
        REPLAYED_FRAME: 'Η ίδια εικόνα ξανά',
        REPLAYED_SAMPLE: 'Η ίδια ηχογράφηση ξανά',
        STREAM_INTERRUPTED: 'Διακοπή κάμερας ή σύνδεσης',
        INCONCLUSIVE_TOO_LONG: 'Για πολλή ώρα αδύνατη η σύγκριση',
        REFERENCE_CHANGED: 'Άλλαξε η εικόνα αναφοράς',
        FORBIDDEN_PROCESS: 'Πρόγραμμα που δεν επιτρέπεται',
      })[of],
    explained: (of: AlertType): string =>
      ({
        NO_FACE:
          'Σε πολλές συνεχόμενες εικόνες δεν βρέθηκε πρόσωπο. Συχνά ο φοιτητής έσκυψε ή μετακινήθηκε η κάμερα.',
        SEVERAL_FACES:
          'Στην εικόνα υπήρχαν περισσότερα από ένα πρόσωπα. Μπορεί να είναι κάποιος περαστικός ή μια αφίσα στον τοίχο.',
        DIFFERENT_PERSON:
          'Πολλές συγκρίσεις μαζί δείχνουν άλλο πρόσωπο από τον εγγεγραμμένο φοιτητή. Το ίδιο μπορεί να κάνει ο κακός φωτισμός, ένα καλυμμένο πρόσωπο ή μια παλιά εικόνα αναφοράς. Συγκρίνετε εσείς την εικόνα με τον φοιτητή.',
        SPOOF_SUSPECTED:
          'Η εικόνα έμοιαζε επανειλημμένα με οθόνη ή εκτύπωση και όχι με άνθρωπο. Το ίδιο μπορεί να κάνουν ο φωτισμός και οι κακές κάμερες.',
        REPLAYED_FRAME: 'Ήρθε εικόνα που είχε σταλεί πριν. Μπορεί να το προκαλέσει και μια παγωμένη κάμερα.',
        REPLAYED_SAMPLE: 'Ήρθε ηχογράφηση που είχε σταλεί πριν.',
        STREAM_INTERRUPTED:
          'Για κάποια ώρα δεν ήρθε τίποτα από τον φοιτητή. Συνήθως φταίει το δίκτυο, ένα κλειστό παράθυρο ή η κάμερα.',
        INCONCLUSIVE_TOO_LONG:
          'Για πολλή ώρα δεν μπορούσε να ειπωθεί ποιος είναι εκεί. Συνήθως φταίει ο φωτισμός, η απόσταση ή ένα καλυμμένο πρόσωπο.',
        REFERENCE_CHANGED:
          'Η εικόνα με την οποία συγκρίνεται ο φοιτητής αντικαταστάθηκε ή αφαιρέθηκε λίγο πριν ή κατά την εξέταση.',
        FORBIDDEN_PROCESS:
          'Ο υπολογιστής του φοιτητή λέει ότι εκτελείται πρόγραμμα που δεν επιτρέπεται. Όσα λέει για τον εαυτό του μπορεί να είναι λάθος.',
      })[of],
  },
);

/** What an alert is about. */
export const alertWords = (type: AlertType | null): string => (type ? say().alert(type) : say().unknown);
