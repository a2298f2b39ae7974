import type { Modality } from './consent.js';

/** Languages that people can read what they consent to in, by ISO 639-1. */
export type PolicyLanguage = 'en' | 'el';

/** What holds for every modality: GDPR Art. 13 (rights, retention), Art. 7(3) (withdrawal), Art. 22 (no automated decision). */
const COMMON: Record<PolicyLanguage, readonly string[]> = {
  en: [
    'Only this service does the comparing, on your university’s own installation; nothing is sent to anybody else.',
    'No program decides about you: it can only raise an alert, which a member of staff looks at and judges.',
    'What was enrolled is deleted by itself on the date that is shown beside it, and at once when you take this consent back, which you can do at any time as easily as you gave it.',
    'You can see everything that is held about you, have it as a file, and have it erased.',
    'You may refuse. It costs you nothing: staff can confirm your identity by hand instead.',
  ],
  el: [
    'Τη σύγκριση την κάνει μόνο αυτή η υπηρεσία, στην εγκατάσταση του ίδιου του πανεπιστημίου σας· τίποτα δεν αποστέλλεται σε κανέναν άλλον.',
    'Κανένα πρόγραμμα δεν αποφασίζει για εσάς: μπορεί μόνο να δημιουργήσει μια ειδοποίηση, την οποία εξετάζει και κρίνει ένα μέλος του προσωπικού.',
    'Ό,τι καταχωρίσατε διαγράφεται αυτόματα την ημερομηνία που αναγράφεται δίπλα του, και αμέσως μόλις ανακαλέσετε αυτή τη συγκατάθεση, πράγμα που μπορείτε να κάνετε οποτεδήποτε, τόσο εύκολα όσο τη δώσατε.',
    'Μπορείτε να δείτε όλα όσα τηρούνται για εσάς, να τα λάβετε ως αρχείο και να ζητήσετε να διαγραφούν.',
    'Μπορείτε να αρνηθείτε. Δεν σας κοστίζει τίποτα: το προσωπικό μπορεί να επιβεβαιώσει την ταυτότητά σας με άλλον τρόπο.',
  ],
};

const WHAT: Record<PolicyLanguage, Record<Modality, string>> = {
  en: {
    FACE: 'I agree that my face is used to confirm, before and during my exams, that I am the student who is enrolled. From the pictures I enrol, numbers that describe my face (a template) are computed and kept encrypted; the pictures themselves are not kept. During an exam, pictures from my camera are compared with the template and forgotten, unless one of them caused an alert: then that one picture is kept encrypted as evidence, for a limited time.',
    VOICE:
      'I agree that my voice is used to confirm, before and during my exams, that I am the student who is enrolled. From the recordings I enrol, numbers that describe my voice (a template) are computed and kept encrypted; the recordings themselves are not kept, and what I say is not transcribed.',
    HANDWRITING:
      'I agree that my handwriting is used to confirm, before and during my exams, that I am the student who is enrolled. From the samples I enrol, numbers that describe my handwriting (a template) are computed and kept encrypted; pictures of it are not kept. From a pen, the numbers say how it moved: what I wrote could be drawn again from them.',
    INTERACTION:
      'I agree that how I type and move the mouse is used to confirm, during my exams, that I am the student who is enrolled. Only the times between keys and the movements are used, to compute numbers that describe them (a template), which are kept encrypted; neither the recordings nor what I typed are kept. The same numbers serve, without my name, to tell others of my university from one another, as theirs do for me.',
  },
  el: {
    FACE: 'Συμφωνώ να χρησιμοποιείται το πρόσωπό μου για να επιβεβαιώνεται, πριν και κατά τη διάρκεια των εξετάσεών μου, ότι είμαι ο φοιτητής ή η φοιτήτρια που έχει εγγραφεί. Από τις εικόνες που καταχωρίζω υπολογίζονται αριθμοί που περιγράφουν το πρόσωπό μου (ένα πρότυπο) και φυλάσσονται κρυπτογραφημένοι· οι ίδιες οι εικόνες δεν φυλάσσονται. Κατά τη διάρκεια μιας εξέτασης, εικόνες από την κάμερά μου συγκρίνονται με το πρότυπο και δεν φυλάσσονται, εκτός αν κάποια από αυτές προκάλεσε ειδοποίηση: τότε η συγκεκριμένη εικόνα φυλάσσεται κρυπτογραφημένη ως τεκμήριο, για περιορισμένο χρόνο.',
    VOICE:
      'Συμφωνώ να χρησιμοποιείται η φωνή μου για να επιβεβαιώνεται, πριν και κατά τη διάρκεια των εξετάσεών μου, ότι είμαι ο φοιτητής ή η φοιτήτρια που έχει εγγραφεί. Από τις ηχογραφήσεις που καταχωρίζω υπολογίζονται αριθμοί που περιγράφουν τη φωνή μου (ένα πρότυπο) και φυλάσσονται κρυπτογραφημένοι· οι ίδιες οι ηχογραφήσεις δεν φυλάσσονται και όσα λέω δεν μεταγράφονται σε κείμενο.',
    HANDWRITING:
      'Συμφωνώ να χρησιμοποιείται ο γραφικός μου χαρακτήρας για να επιβεβαιώνεται, πριν και κατά τη διάρκεια των εξετάσεών μου, ότι είμαι ο φοιτητής ή η φοιτήτρια που έχει εγγραφεί. Από τα δείγματα που καταχωρίζω υπολογίζονται αριθμοί που περιγράφουν τον γραφικό μου χαρακτήρα (ένα πρότυπο) και φυλάσσονται κρυπτογραφημένοι· εικόνες του δεν φυλάσσονται. Όταν γράφω με γραφίδα, οι αριθμοί λένε πώς κινήθηκε: από αυτούς θα μπορούσε να σχεδιαστεί ξανά ό,τι έγραψα.',
    INTERACTION:
      'Συμφωνώ να χρησιμοποιείται ο τρόπος με τον οποίο πληκτρολογώ και κινώ το ποντίκι για να επιβεβαιώνεται, κατά τη διάρκεια των εξετάσεών μου, ότι είμαι ο φοιτητής ή η φοιτήτρια που έχει εγγραφεί. Χρησιμοποιούνται μόνο οι χρόνοι μεταξύ των πλήκτρων και οι κινήσεις, για να υπολογιστούν αριθμοί που τους περιγράφουν (ένα πρότυπο), οι οποίοι φυλάσσονται κρυπτογραφημένοι· δεν φυλάσσονται ούτε οι καταγραφές ούτε όσα πληκτρολόγησα. Οι ίδιοι αριθμοί χρησιμεύουν, χωρίς το όνομά μου, για να διακρίνονται μεταξύ τους άλλα μέλη του πανεπιστημίου μου, όπως οι δικοί τους για εμένα.',
  },
};

/** What somebody agrees to, in plain words. */
export function policyText(modality: Modality, language: PolicyLanguage): string {
  return [WHAT[language][modality], ...COMMON[language]].join(' ');
}
