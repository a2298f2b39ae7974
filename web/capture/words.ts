import { catalogue } from '../lib/i18n.js';

/** Texts of the capture page. */
export const say = catalogue(
  {
    stepsLabel: 'Steps',
    stepDone: 'done',
    stepDevice: 'Camera',
    stepConsent: 'Consent',
    stepEnrolment: 'Your face',
    stepIdentification: 'Identification',
    stepExam: 'Exam',

    signInTitle: 'Open this window from your exam',
    signInText:
      'This window does not know who you are. Go back to the page of your exam and open it from there.',
    launchUsedTitle: 'This link was used already',
    launchUsedText:
      'Each link works once. Go back to the page of your exam and press the button there again.',
    noExamTitle: 'No exam was named',
    noExamText: 'Open this window from the page of your exam.',
    examGoneText: 'This exam does not exist, or you are not enrolled in it. Ask your teacher.',

    deviceTitle: 'Check your camera',
    deviceText:
      'Before the exam you show your face to the camera, so that your university knows it is you. Nothing is sent yet: the picture stays on this computer.',
    deviceOn: 'Turn on the camera',
    deviceLabel: 'Camera',
    deviceContinue: 'The picture is good: continue',
    previewLabel: 'What your camera sees',
    lightGood: 'The light is good.',
    lightDark: 'It is dark. Turn on a lamp in front of you.',
    lightBright: 'It is very bright. Turn away from the window or the lamp.',
    lightNone: 'The camera gives no picture yet.',
    deniedTitle: 'The browser does not allow the camera',
    deniedHow: [
      'Press the camera or lock sign beside the address of this page.',
      'Allow the camera, then press “Try again”.',
      'Nothing to allow there? Look in the privacy settings of your computer whether this browser may use the camera.',
    ].join('\n'),
    noneTitle: 'No camera was found',
    noneHow: [
      'Plug a camera in, or open its cover.',
      'Then press “Try again”.',
      'No camera here? Ask for approval by hand below: staff can confirm who you are.',
    ].join('\n'),
    inUseTitle: 'The camera is in use',
    inUseHow: [
      'Close other programs that show a picture of you, such as a video call.',
      'Then press “Try again”.',
    ].join('\n'),
    forbiddenTitle: 'This page may not use a camera',
    forbiddenHow: [
      'It may have been opened in a way that does not allow it. Open it from the page of your exam.',
      'If that does not help, ask for approval by hand below.',
    ].join('\n'),
    unknownTitle: 'The camera did not start',
    unknownHow: ['Unplug it and plug it in again, or restart the browser.', 'Then press “Try again”.'].join(
      '\n',
    ),

    consentTitle: 'Do you agree?',
    consentText: 'Your university needs your consent to use your face. You can take it back at any time.',
    consentYes: 'I agree',
    consentNo: 'I do not agree',
    consentNoNote: 'If you do not agree, staff confirm who you are by hand. That costs you nothing.',
    consentRefusedNote: 'I do not agree to the use of my face.',

    enrolTitle: 'Let us know your face',
    enrolText: 'Look straight at the camera, with nobody else in the picture. This is needed only once.',
    enrolAnew: 'Staff have asked for new pictures of your face. They take the place of the old ones.',
    enrolTake: 'Take the picture',
    enrolCount: (taken: number, wanted: number) => `${taken} of ${wanted} pictures taken`,
    enrolAccepted: 'The picture was taken.',
    enrolRefused: 'That picture could not be used.',

    guideReady: 'Good. Stay like this.',
    guideLooking: 'Looking for your face…',
    guideWait: 'Many students are being looked at. One moment…',

    challengeTitle: 'Show that you are really there',
    challengeText: 'You will be asked for a few small movements, one after the other. Take your time.',
    challengeStart: 'Start',
    challengeStep: (step: number, steps: number) => `Movement ${step} of ${steps}`,
    challengeProgress: 'Progress',
    challengeFailed: 'That did not work.',
    challengeLate: 'The time was over.',
    TURN_LEFT: 'Turn your head to your left',
    TURN_RIGHT: 'Turn your head to your right',
    LOOK_STRAIGHT: 'Look straight at the camera',
    BLINK: 'Close your eyes, and open them again',
    SMILE: 'Smile',

    identifyTitle: 'Show who you are',
    identifyText:
      'Look at the camera. Your picture is compared with the one you gave, on your university’s own server.',
    identifyAgain:
      'The exam is paused: somebody else may have been in the picture. Show who you are, and it goes on.',
    identifyExpired: 'It is a while ago that you were identified. Show who you are again.',
    identifyTake: 'It is me',
    identifyNoMatch: 'This does not look like the face you enrolled.',
    identifyUnsure: 'It could not be said who is in the picture.',
    attemptsLeft: (n: number) => (n === 1 ? 'One more try.' : `${n} more tries.`),
    tooMany: 'There were too many tries. Wait a while, or ask for approval by hand.',
    identifyHelp:
      'Does it keep failing? Staff can confirm who you are by hand, or let you give new pictures of your face. Tell them below; this window goes on by itself.',

    monitorTitle: 'Your identity during the exam',
    monitorWell: 'All is well',
    monitorWellText: 'Go back to your exam. Leave this window open; it may be hidden, covered or made small.',
    monitorOffline: 'The network is away',
    monitorOfflineText:
      'Pictures are kept here and sent as soon as the network is back. Go on with your exam; check your connection.',
    monitorCamera: 'The camera is away',
    monitorCameraText: 'Plug it in again or close other programs that use it. It is looked for all the time.',
    monitorPaused: 'The exam is paused',
    monitorPausedText:
      'Your answers are kept. It goes on by itself once the connection to the server is back.',
    monitorBefore: 'The exam has not begun',
    monitorBeforeText: 'You are identified. Leave this window open: it goes on by itself.',
    monitorCameraLabel: 'Camera',
    monitorCameraOn: 'on',
    monitorCameraOff: 'away',
    monitorNetworkLabel: 'Network',
    monitorNetworkOn: 'connected',
    monitorNetworkOff: 'away',
    monitorLastLabel: 'Last picture',
    monitorLastNone: 'none yet',
    monitorWaitingLabel: 'Pictures waiting',
    monitorHint: 'About the last picture',
    monitorShow: 'Show the camera',
    monitorHide: 'Hide the camera',
    monitorEnd: 'I have finished my exam',

    identifiedTitle: 'You are identified',
    identifiedText: 'This exam is not watched. Go back to it; you may close this window.',

    approvalAsk: 'Something does not work, or you would rather not use the camera?',
    approvalOpen: 'Ask for approval by hand',
    approvalTitle: 'Ask for approval by hand',
    approvalText:
      'A member of staff will confirm who you are, for instance by your student card. It costs you nothing, and your exam is not affected.',
    approvalNote: 'What should they know? (optional)',
    approvalSend: 'Ask',
    waitingTitle: 'Staff have been asked',
    waitingText: 'This window goes on by itself once they have confirmed who you are. Leave it open.',
    waitingBack: 'Try with the camera after all',
    declinedTitle: 'Staff have not approved',
    declinedText: 'Show who you are to the camera, or speak to staff and ask them again.',
    declinedContinue: 'Go on',
    approvedTitle: 'Staff have confirmed who you are',
    approvedText: 'Nothing is recorded. Go back to your exam; you may close this window.',

    endedTitle: 'It is over',
    endedText: 'The camera is off, and nothing is sent any more. You may close this window.',
    endedBack: 'I have not finished: go on',

    loginOverTitle: 'Open this window again',
    loginOverText:
      'Your sign-in here has ended. Press the button on the page of your exam; your answers are safe.',
  },
  {
    stepsLabel: 'Βήματα',
    stepDone: 'έγινε',
    stepDevice: 'Κάμερα',
    stepConsent: 'Συγκατάθεση',
    stepEnrolment: 'Το πρόσωπό σας',
    stepIdentification: 'Ταυτοποίηση',
    stepExam: 'Εξέταση',

    signInTitle: 'Ανοίξτε αυτό το παράθυρο από την εξέτασή σας',
    signInText:
      'Αυτό το παράθυρο δεν γνωρίζει ποιος είστε. Επιστρέψτε στη σελίδα της εξέτασης και ανοίξτε το από εκεί.',
    launchUsedTitle: 'Αυτός ο σύνδεσμος έχει ήδη χρησιμοποιηθεί',
    launchUsedText:
      'Κάθε σύνδεσμος ισχύει μία φορά. Επιστρέψτε στη σελίδα της εξέτασης και πατήστε ξανά το κουμπί.',
    noExamTitle: 'Δεν ορίστηκε εξέταση',
    noExamText: 'Ανοίξτε αυτό το παράθυρο από τη σελίδα της εξέτασής σας.',
    examGoneText: 'Αυτή η εξέταση δεν υπάρχει ή δεν είστε εγγεγραμμένος σε αυτήν. Ρωτήστε τον διδάσκοντα.',

    deviceTitle: 'Ελέγξτε την κάμερά σας',
    deviceText:
      'Πριν από την εξέταση δείχνετε το πρόσωπό σας στην κάμερα, ώστε το πανεπιστήμιο να ξέρει ότι είστε εσείς. Δεν αποστέλλεται ακόμη τίποτα: η εικόνα μένει σε αυτόν τον υπολογιστή.',
    deviceOn: 'Ενεργοποίηση κάμερας',
    deviceLabel: 'Κάμερα',
    deviceContinue: 'Η εικόνα είναι καλή: συνέχεια',
    previewLabel: 'Τι βλέπει η κάμερά σας',
    lightGood: 'Ο φωτισμός είναι καλός.',
    lightDark: 'Είναι σκοτεινά. Ανάψτε μια λάμπα μπροστά σας.',
    lightBright: 'Έχει πολύ φως. Στραφείτε μακριά από το παράθυρο ή τη λάμπα.',
    lightNone: 'Η κάμερα δεν δίνει ακόμη εικόνα.',
    deniedTitle: 'Ο φυλλομετρητής δεν επιτρέπει την κάμερα',
    deniedHow: [
      'Πατήστε το σύμβολο της κάμερας ή του λουκέτου δίπλα στη διεύθυνση αυτής της σελίδας.',
      'Επιτρέψτε την κάμερα και πατήστε «Δοκιμάστε ξανά».',
      'Δεν υπάρχει κάτι να επιτρέψετε; Δείτε στις ρυθμίσεις απορρήτου του υπολογιστή αν αυτός ο φυλλομετρητής μπορεί να χρησιμοποιεί την κάμερα.',
    ].join('\n'),
    noneTitle: 'Δεν βρέθηκε κάμερα',
    noneHow: [
      'Συνδέστε μια κάμερα ή ανοίξτε το κάλυμμά της.',
      'Έπειτα πατήστε «Δοκιμάστε ξανά».',
      'Δεν έχετε κάμερα; Ζητήστε πιο κάτω έγκριση από το προσωπικό: μπορεί να επιβεβαιώσει ποιος είστε.',
    ].join('\n'),
    inUseTitle: 'Η κάμερα χρησιμοποιείται',
    inUseHow: [
      'Κλείστε άλλα προγράμματα που δείχνουν την εικόνα σας, όπως μια βιντεοκλήση.',
      'Έπειτα πατήστε «Δοκιμάστε ξανά».',
    ].join('\n'),
    forbiddenTitle: 'Αυτή η σελίδα δεν μπορεί να χρησιμοποιήσει κάμερα',
    forbiddenHow: [
      'Ίσως άνοιξε με τρόπο που δεν το επιτρέπει. Ανοίξτε την από τη σελίδα της εξέτασής σας.',
      'Αν αυτό δεν βοηθήσει, ζητήστε πιο κάτω έγκριση από το προσωπικό.',
    ].join('\n'),
    unknownTitle: 'Η κάμερα δεν ξεκίνησε',
    unknownHow: [
      'Αποσυνδέστε την και συνδέστε την ξανά ή επανεκκινήστε τον φυλλομετρητή.',
      'Έπειτα πατήστε «Δοκιμάστε ξανά».',
    ].join('\n'),

    consentTitle: 'Συμφωνείτε;',
    consentText:
      'Το πανεπιστήμιο χρειάζεται τη συγκατάθεσή σας για να χρησιμοποιήσει το πρόσωπό σας. Μπορείτε να την ανακαλέσετε οποτεδήποτε.',
    consentYes: 'Συμφωνώ',
    consentNo: 'Δεν συμφωνώ',
    consentNoNote:
      'Αν δεν συμφωνείτε, το προσωπικό επιβεβαιώνει ποιος είστε με άλλον τρόπο. Αυτό δεν σας κοστίζει τίποτα.',
    consentRefusedNote: 'Δεν συμφωνώ με τη χρήση του προσώπου μου.',

    enrolTitle: 'Να γνωρίσουμε το πρόσωπό σας',
    enrolText: 'Κοιτάξτε ίσια στην κάμερα, χωρίς άλλο άτομο στην εικόνα. Αυτό χρειάζεται μόνο μία φορά.',
    enrolAnew: 'Το προσωπικό ζήτησε νέες εικόνες του προσώπου σας. Αντικαθιστούν τις παλιές.',
    enrolTake: 'Λήψη εικόνας',
    enrolCount: (taken: number, wanted: number) => `${taken} από ${wanted} εικόνες`,
    enrolAccepted: 'Η εικόνα λήφθηκε.',
    enrolRefused: 'Αυτή η εικόνα δεν μπορούσε να χρησιμοποιηθεί.',

    guideReady: 'Ωραία. Μείνετε έτσι.',
    guideLooking: 'Αναζήτηση του προσώπου σας…',
    guideWait: 'Εξετάζονται πολλοί φοιτητές. Μια στιγμή…',

    challengeTitle: 'Δείξτε ότι είστε πραγματικά εκεί',
    challengeText: 'Θα σας ζητηθούν μερικές μικρές κινήσεις, η μία μετά την άλλη. Με την ησυχία σας.',
    challengeStart: 'Έναρξη',
    challengeStep: (step: number, steps: number) => `Κίνηση ${step} από ${steps}`,
    challengeProgress: 'Πρόοδος',
    challengeFailed: 'Δεν πέτυχε.',
    challengeLate: 'Ο χρόνος τελείωσε.',
    TURN_LEFT: 'Στρέψτε το κεφάλι προς τα αριστερά σας',
    TURN_RIGHT: 'Στρέψτε το κεφάλι προς τα δεξιά σας',
    LOOK_STRAIGHT: 'Κοιτάξτε ίσια στην κάμερα',
    BLINK: 'Κλείστε τα μάτια και ανοίξτε τα ξανά',
    SMILE: 'Χαμογελάστε',

    identifyTitle: 'Δείξτε ποιος είστε',
    identifyText:
      'Κοιτάξτε την κάμερα. Η εικόνα σας συγκρίνεται με εκείνη που δώσατε, στον διακομιστή του ίδιου του πανεπιστημίου.',
    identifyAgain:
      'Η εξέταση διακόπηκε προσωρινά: ίσως ήταν άλλο άτομο στην εικόνα. Δείξτε ποιος είστε και συνεχίζεται.',
    identifyExpired: 'Έχει περάσει ώρα από την ταυτοποίησή σας. Δείξτε ξανά ποιος είστε.',
    identifyTake: 'Είμαι εγώ',
    identifyNoMatch: 'Δεν μοιάζει με το πρόσωπο που καταχωρίσατε.',
    identifyUnsure: 'Δεν ήταν δυνατόν να διαπιστωθεί ποιος είναι στην εικόνα.',
    attemptsLeft: (n: number) => (n === 1 ? 'Μία ακόμη προσπάθεια.' : `${n} ακόμη προσπάθειες.`),
    tooMany: 'Έγιναν πάρα πολλές προσπάθειες. Περιμένετε λίγο ή ζητήστε έγκριση από το προσωπικό.',
    identifyHelp:
      'Αποτυγχάνει συνεχώς; Το προσωπικό μπορεί να επιβεβαιώσει ποιος είστε ή να σας επιτρέψει να δώσετε νέες εικόνες του προσώπου σας. Γράψτε τους πιο κάτω· αυτό το παράθυρο συνεχίζει μόνο του.',

    monitorTitle: 'Η ταυτότητά σας κατά την εξέταση',
    monitorWell: 'Όλα καλά',
    monitorWellText:
      'Επιστρέψτε στην εξέταση. Αφήστε αυτό το παράθυρο ανοικτό· μπορεί να είναι κρυμμένο, καλυμμένο ή ελαχιστοποιημένο.',
    monitorOffline: 'Δεν υπάρχει δίκτυο',
    monitorOfflineText:
      'Οι εικόνες κρατούνται εδώ και στέλνονται μόλις επανέλθει το δίκτυο. Συνεχίστε την εξέταση· ελέγξτε τη σύνδεσή σας.',
    monitorCamera: 'Δεν υπάρχει κάμερα',
    monitorCameraText:
      'Συνδέστε την ξανά ή κλείστε άλλα προγράμματα που τη χρησιμοποιούν. Αναζητείται συνεχώς.',
    monitorPaused: 'Η εξέταση διακόπηκε προσωρινά',
    monitorPausedText:
      'Οι απαντήσεις σας φυλάσσονται. Συνεχίζεται από μόνη της όταν επανέλθει η σύνδεση με τον διακομιστή.',
    monitorBefore: 'Η εξέταση δεν έχει αρχίσει',
    monitorBeforeText: 'Έχετε ταυτοποιηθεί. Αφήστε αυτό το παράθυρο ανοικτό: συνεχίζει μόνο του.',
    monitorCameraLabel: 'Κάμερα',
    monitorCameraOn: 'ανοικτή',
    monitorCameraOff: 'λείπει',
    monitorNetworkLabel: 'Δίκτυο',
    monitorNetworkOn: 'συνδεδεμένο',
    monitorNetworkOff: 'λείπει',
    monitorLastLabel: 'Τελευταία εικόνα',
    monitorLastNone: 'καμία ακόμη',
    monitorWaitingLabel: 'Εικόνες σε αναμονή',
    monitorHint: 'Για την τελευταία εικόνα',
    monitorShow: 'Εμφάνιση κάμερας',
    monitorHide: 'Απόκρυψη κάμερας',
    monitorEnd: 'Τελείωσα την εξέτασή μου',

    identifiedTitle: 'Έχετε ταυτοποιηθεί',
    identifiedText:
      'Αυτή η εξέταση δεν παρακολουθείται. Επιστρέψτε σε αυτήν· μπορείτε να κλείσετε αυτό το παράθυρο.',

    approvalAsk: 'Κάτι δεν λειτουργεί ή προτιμάτε να μη χρησιμοποιήσετε κάμερα;',
    approvalOpen: 'Ζητήστε έγκριση από το προσωπικό',
    approvalTitle: 'Έγκριση από το προσωπικό',
    approvalText:
      'Ένα μέλος του προσωπικού θα επιβεβαιώσει ποιος είστε, για παράδειγμα με τη φοιτητική σας ταυτότητα. Δεν σας κοστίζει τίποτα και δεν επηρεάζει την εξέτασή σας.',
    approvalNote: 'Τι πρέπει να ξέρουν; (προαιρετικό)',
    approvalSend: 'Αποστολή αιτήματος',
    waitingTitle: 'Το προσωπικό ειδοποιήθηκε',
    waitingText: 'Αυτό το παράθυρο συνεχίζει μόνο του μόλις επιβεβαιωθεί ποιος είστε. Αφήστε το ανοικτό.',
    waitingBack: 'Δοκιμή με την κάμερα τελικά',
    declinedTitle: 'Το προσωπικό δεν έδωσε έγκριση',
    declinedText: 'Δείξτε ποιος είστε στην κάμερα ή μιλήστε με το προσωπικό και ζητήστε ξανά.',
    declinedContinue: 'Συνέχεια',
    approvedTitle: 'Το προσωπικό επιβεβαίωσε ποιος είστε',
    approvedText: 'Δεν καταγράφεται τίποτα. Επιστρέψτε στην εξέταση· μπορείτε να κλείσετε αυτό το παράθυρο.',

    endedTitle: 'Τελειώσατε',
    endedText:
      'Η κάμερα είναι κλειστή και δεν στέλνεται πλέον τίποτα. Μπορείτε να κλείσετε αυτό το παράθυρο.',
    endedBack: 'Δεν τελείωσα: συνέχεια',

    loginOverTitle: 'Ανοίξτε ξανά αυτό το παράθυρο',
    loginOverText:
      'Η σύνδεσή σας εδώ έληξε. Πατήστε το κουμπί στη σελίδα της εξέτασης· οι απαντήσεις σας είναι ασφαλείς.',
  },
);
