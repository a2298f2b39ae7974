<?php
// This file is part of quizaccess_probity, a plugin for Moodle - https://moodle.org/
//
// This program is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// This program is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with this program.  If not, see <https://www.gnu.org/licenses/>.

/**
 * Greek strings of quizaccess_probity.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['approval:ask'] = 'Δεν μπορώ να χρησιμοποιήσω κάμερα';
$string['approval:explain'] = 'Ζητήστε από τους διδάσκοντες να σας αφήσουν να αρχίσετε χωρίς αυτήν. Βλέπουν αμέσως το αίτημά σας· αυτή η σελίδα προχωρεί μόνη της όταν εγκρίνουν.';
$string['approval:failed'] = 'Το αίτημά σας δεν στάλθηκε. Δοκιμάστε πάλι, ή πείτε το στον διδάσκοντα.';
$string['approval:label'] = 'Τι θέλετε να τους πείτε';
$string['approval:send'] = 'Αίτημα χειροκίνητης έγκρισης';
$string['approval:sent'] = 'Ζητήσατε χειροκίνητη έγκριση. Αφήστε αυτή τη σελίδα ανοικτή.';
$string['banner:admitted'] = 'Έλεγχος ταυτότητας: όλα καλά.';
$string['banner:away'] = 'Το παράθυρο της κάμερας δεν ακούγεται. Ανοίξτε το πάλι.';
$string['banner:grace'] = 'απομένουν {$a} δ';
$string['banner:held'] = 'Οι απαντήσεις σας μένουν σε αυτή τη σελίδα και αποθηκεύονται όταν μπορέσετε να συνεχίσετε.';
$string['banner:title'] = 'Έλεγχος ταυτότητας';
$string['capture:failed'] = 'Το παράθυρο της κάμερας δεν μπόρεσε να ανοίξει αυτή τη στιγμή. Δοκιμάστε πάλι σε λίγο, ή ζητήστε χειροκίνητη έγκριση.';
$string['capture:frame'] = 'Κάμερα';
$string['capture:open'] = 'Άνοιγμα του παραθύρου της κάμερας';
$string['capture:reopen'] = 'Άνοιγμα πάλι του παραθύρου της κάμερας';
$string['description'] = 'Πριν αρχίσετε, και κατά την προσπάθεια, αυτό το κουίζ ελέγχει ότι είστε εσείς. Χρειάζεστε κάμερα, ή ζητήστε χειροκίνητη έγκριση.';
$string['error:choice'] = 'Επιλέξτε μία από τις προσφερόμενες τιμές.';
$string['error:notasked'] = 'Αυτό το κουίζ δεν ζητά ταυτοποίηση.';
$string['error:notsetup'] = 'Το Probity δεν έχει ρυθμιστεί σε αυτόν τον ιστότοπο: η διεύθυνση ή το κλειδί του λείπει ή είναι λάθος.';
$string['event:access_prevented'] = 'Κρατήθηκαν απαντήσεις';
$string['event:alert_reviewed'] = 'Αποφασίστηκε ειδοποίηση';
$string['event:approval_decided'] = 'Αποφασίστηκε χειροκίνητη έγκριση';
$string['event:approval_requested'] = 'Ζητήθηκε χειροκίνητη έγκριση';
$string['event:report_viewed'] = 'Προβλήθηκε η αναφορά ταυτότητας';
$string['held:explain'] = 'Έφτασαν ενώ δεν μπορούσατε να συνεχίσετε και βρίσκονται σε αυτή τη σελίδα. Αφήστε την ανοικτή: αποστέλλονται μόνες τους μόλις ταυτοποιηθείτε ή εγκριθείτε.';
$string['held:send'] = 'Αποστολή των απαντήσεών μου';
$string['held:title'] = 'Οι απαντήσεις σας φυλάσσονται';
$string['identify:continuing'] = 'Είστε εσείς. Το κουίζ ανοίγει.';
$string['identify:ready'] = 'Είστε εσείς. Μπορείτε τώρα να αρχίσετε.';
$string['message:body'] = 'Ο/η {$a->student} δεν μπορεί να ταυτοποιηθεί με κάμερα στο κουίζ «{$a->quiz}» και ζητά να του/της επιτραπεί. Τι λέει: {$a->note}';
$string['message:erasebody'] = 'Ο χρήστης {$a} έπρεπε να διαγραφεί, και εδώ δεν έμεινε τίποτα γι\' αυτόν. Το Probity τον κρατά ακόμη: έχει εκεί λογαριασμό με κωδικό, τον οποίο αυτός ο ιστότοπος δεν μπορεί να διαγράψει. Μπορεί να τον διαγράψει ο ίδιος, ή ο διαχειριστής του Probity: ενημερώστε τον.';
$string['message:erasesubject'] = 'Το Probity δεν διέγραψε τον χρήστη {$a}';
$string['message:subject'] = 'Ο/η {$a->student} ζητά χειροκίνητη έγκριση στο {$a->quiz}';
$string['messageprovider:approvalrequest'] = 'Φοιτητής ζητά χειροκίνητη έγκριση σε κουίζ';
$string['messageprovider:erasurerefused'] = 'Το Probity αρνείται να διαγράψει κάποιον';
$string['pluginname'] = 'Probity: ποιος εξετάζεται';
$string['preflight:header'] = 'Δείξτε ποιος είστε';
$string['preflight:intro'] = 'Ανοίξτε το παράθυρο της κάμερας, συμφωνήστε εκεί με όσα εξηγούνται και ακολουθήστε όσα ζητά. Αφήστε το ανοικτό κατά το κουίζ. Αυτή η σελίδα προχωρεί μόνη της.';
$string['preflight:noscript'] = 'Η κάμερα χρειάζεται JavaScript. Ενεργοποιήστε τη, ή ζητήστε από τον διδάσκοντα χειροκίνητη έγκριση.';
$string['preflight:privacy'] = 'Το πρόσωπό σας συγκρίνεται με τις εικόνες που καταχωρίσατε, από τον διακομιστή του ίδιου του πανεπιστημίου σας. Πρώτα ζητά τη συγκατάθεσή σας. Αν αρνηθείτε, δεν έχετε καμία συνέπεια: ζητήστε χειροκίνητη έγκριση.';
$string['privacy:metadata:probity'] = 'Το Probity, η υπηρεσία του ίδιου του πανεπιστημίου που ταυτοποιεί φοιτητές. Ο περιηγητής του στέλνει εικόνες του προσώπου· αυτός ο ιστότοπος στέλνει όσα αναφέρονται εδώ.';
$string['privacy:metadata:probity:attempt'] = 'Αριθμός, αρχή και τέλος προσπαθειών';
$string['privacy:metadata:probity:email'] = 'Διεύθυνση ηλεκτρονικού ταχυδρομείου';
$string['privacy:metadata:probity:id'] = 'Ο αριθμός του χρήστη σε αυτόν τον ιστότοπο';
$string['privacy:metadata:probity:language'] = 'Γλώσσα των σελίδων';
$string['privacy:metadata:probity:name'] = 'Όνομα και επώνυμο';
$string['privacy:metadata:probity:note'] = 'Τι γράφει φοιτητής ή διδάσκων για μια έγκριση ή ειδοποίηση';
$string['privacy:metadata:probity:quiz'] = 'Το κουίζ, το μάθημά του και πότε είναι ανοικτό για τον φοιτητή';
$string['privacy:metadata:state'] = 'Τα τελευταία που είπε το Probity για έναν φοιτητή σε ένα κουίζ, και όσα περιμένουν να του ειπωθούν.';
$string['privacy:metadata:state:approvalnote'] = 'Τι έγραψε ο διδάσκων όταν ενέκρινε';
$string['privacy:metadata:state:approvedby'] = 'Ο διδάσκων που ενέκρινε';
$string['privacy:metadata:state:requestnote'] = 'Τι έγραψε ο φοιτητής όταν ζήτησε χειροκίνητη έγκριση';
$string['privacy:metadata:state:state'] = 'Αν ο φοιτητής ταυτοποιήθηκε, και αν όχι γιατί';
$string['privacy:metadata:state:timechecked'] = 'Πότε το είπε τελευταία το Probity';
$string['privacy:metadata:state:userid'] = 'Ο φοιτητής';
$string['privacy:unreachable'] = 'Το Probity δεν απάντησε. Ζητήστε πάλι αυτή την εξαγωγή.';
$string['probity:approve'] = 'Έγκριση φοιτητών σε κουίζ χωρίς βιομετρικά (Probity)';
$string['probity:decide'] = 'Απόφαση για ειδοποιήσεις και άνοιγμα της σελίδας ελέγχου (Probity)';
$string['probity:exempt'] = 'Συμμετοχή σε κουίζ χωρίς ταυτοποίηση (Probity)';
$string['probity:sync'] = 'Ανταλλαγή καταστάσεων και αλλαγών με το Probity';
$string['probity:viewreport'] = 'Προβολή του ποιος επαληθεύτηκε σε ένα κουίζ (Probity)';
$string['quiz:challenge'] = 'Ενεργή δοκιμασία';
$string['quiz:challenge_help'] = 'Πριν από την ταυτοποίηση ο φοιτητής στρέφει το κεφάλι, ανοιγοκλείνει τα μάτια ή χαμογελά, όπως του ζητείται. Έτσι γίνεται δυσκολότερο να περάσει μια φωτογραφία μπροστά στην κάμερα· δεν αποκλείεται.';
$string['quiz:enabled'] = 'Επαλήθευση του ποιος συμμετέχει σε αυτό το κουίζ';
$string['quiz:enabled_help'] = 'Οι φοιτητές δείχνουν ποιοι είναι πριν αρχίσουν, με την κάμερά τους ή με τη δική σας χειροκίνητη έγκριση. Το αν μπορούν να αρχίσουν το αποφασίζει ο διακομιστής. Κάθε ειδοποίηση είναι για να την εξετάσετε εσείς: τίποτα δεν αποφασίζεται χωρίς άνθρωπο.';
$string['quiz:frameinterval'] = 'Δευτερόλεπτα μεταξύ εικόνων';
$string['quiz:frameinterval_help'] = 'Πόσο συχνά συγκρίνεται το πρόσωπο του φοιτητή. Οι εικόνες φυλάσσονται μόνο ως τεκμήριο μιας ειδοποίησης και για περιορισμένο χρόνο.';
$string['quiz:grace'] = 'Χρόνος αποκατάστασης';
$string['quiz:grace_help'] = 'Για τόσο χρόνο η προσπάθεια συνεχίζεται αφού χαθεί το παράθυρο της κάμερας. Μετά ο φοιτητής πρέπει να δείξει πάλι ποιος είναι ή να ζητήσει την έγκρισή σας. Οι απαντήσεις φυλάσσονται.';
$string['quiz:header'] = 'Ποιος εξετάζεται (Probity)';
$string['quiz:monitor'] = 'Συνέχιση της επαλήθευσης κατά την προσπάθεια';
$string['quiz:monitor_help'] = 'Ένα μικρό παράθυρο με την κάμερα μένει ανοικτό κατά την προσπάθεια. Αν κλείσει ή αν χαλάσει η κάμερα, ο φοιτητής βλέπει τι να κάνει και έχει τον χρόνο που ορίζεται παρακάτω.';
$string['reason_camera_lost'] = 'Η κάμερα δεν λειτουργεί πια. Ελέγξτε το καλώδιό της και την άδεια του περιηγητή, και ανοίξτε πάλι το παράθυρο της κάμερας.';
$string['reason_capture_lost'] = 'Το παράθυρο της κάμερας έμεινε κλειστό πολλή ώρα. Ανοίξτε το πάλι και δείξτε ποιος είστε.';
$string['reason_expired'] = 'Η ταυτοποίησή σας έληξε. Ανοίξτε το παράθυρο της κάμερας και δείξτε πάλι ποιος είστε.';
$string['reason_not_yet'] = 'Δεν έχετε ταυτοποιηθεί ακόμη. Ανοίξτε το παράθυρο της κάμερας.';
$string['reason_other'] = 'Δεν μπορείτε να συνεχίσετε αυτή τη στιγμή. Ανοίξτε το παράθυρο της κάμερας και ακολουθήστε όσα λέει, ή ζητήστε χειροκίνητη έγκριση.';
$string['reason_other_person'] = 'Κάποιος άλλος φάνηκε μπροστά στην κάμερα. Δείξτε πάλι ποιος είστε, ή ζητήστε χειροκίνητη έγκριση.';
$string['reason_unreachable'] = 'Η υπηρεσία που σας ταυτοποιεί δεν απαντά. Περιμένετε λίγο: αυτή η σελίδα δοκιμάζει πάλι. Αν διαρκέσει, ζητήστε χειροκίνητη έγκριση.';
$string['refusal_account_conflict'] = 'η διεύθυνση ηλεκτρονικού ταχυδρομείου του φοιτητή, ή η δική σας, ανήκει σε λογαριασμό του Probity που αυτός ο ιστότοπος δεν μπορεί να χρησιμοποιήσει. Ενημερώστε τον διαχειριστή του Probity· στο μεταξύ ο φοιτητής μπορεί να αρχίσει με το δικαίωμα συμμετοχής σε κουίζ χωρίς ταυτοποίηση';
$string['refusal_exam_state'] = 'η εξέταση έχει τελειώσει εκεί';
$string['refusal_other'] = '{$a}';
$string['report:actions'] = 'Ενέργειες';
$string['report:admitted'] = 'επιτρέπεται';
$string['report:alerts'] = 'Ειδοποιήσεις προς απόφαση';
$string['report:approve'] = 'Έγκριση χωρίς κάμερα';
$string['report:asks'] = 'Ζητά χειροκίνητη έγκριση';
$string['report:asksnote'] = 'Ζητά χειροκίνητη έγκριση: {$a}';
$string['report:attempt'] = 'Προσπάθεια {$a}';
$string['report:attempts'] = 'Προσπάθειες';
$string['report:back'] = 'Πίσω στον κατάλογο των φοιτητών';
$string['report:began'] = 'Αρχή';
$string['report:confirm'] = 'Επιβεβαίωση';
$string['report:decide'] = 'Απόφαση';
$string['report:decision'] = 'Απόφαση';
$string['report:details'] = 'Χρονολόγιο';
$string['report:dismiss'] = 'Απόρριψη';
$string['report:ended'] = 'Τέλος';
$string['report:failed'] = 'Το Probity δεν απάντησε. Δεν άλλαξε τίποτα: δοκιμάστε πάλι.';
$string['report:heard'] = 'Ακούστηκε τελευταία';
$string['report:model'] = 'Μοντέλο';
$string['report:never'] = 'ποτέ';
$string['report:noalerts'] = 'Καμία ειδοποίηση. Αυτό δεν αποδεικνύει κάτι: λέει ότι δεν παρατηρήθηκε τίποτα.';
$string['report:nomatch'] = 'Δεν υπάρχει τέτοιος φοιτητής.';
$string['report:none'] = 'Κανένας φοιτητής δεν μπορεί να κάνει αυτό το κουίζ.';
$string['report:notadmitted'] = 'δεν επιτρέπεται';
$string['report:note'] = 'Γιατί';
$string['report:open'] = 'Αναφορά ταυτότητας (Probity)';
$string['report:outage'] = 'Το Probity δεν απαντά. Βλέπετε τα τελευταία που είπε· μπορείτε ωστόσο να εγκρίνετε φοιτητές.';
$string['report:refused'] = 'Το Probity αρνήθηκε και δεν άλλαξε τίποτα: {$a}.';
$string['report:review'] = 'Άνοιγμα της σελίδας ελέγχου του Probity';
$string['report:revoke'] = 'Ανάκληση έγκρισης';
$string['report:revokedhere'] = 'Ανακλήθηκε εδώ. Το Probity δεν ενημερώθηκε: αν γνωρίζει κάποια έγκριση, εκείνη ισχύει ακόμη. Δοκιμάστε πάλι.';
$string['report:saved'] = 'Αποθηκεύτηκε.';
$string['report:savedhere'] = 'Αποθηκεύτηκε εδώ και ισχύει για μία ημέρα. Το Probity δεν απαντά· θα ενημερωθεί μόλις απαντήσει.';
$string['report:score'] = 'Βαθμός και κατώφλι';
$string['report:scores'] = '{$a->score} (κατώφλι {$a->threshold})';
$string['report:search'] = 'Αναζήτηση φοιτητών';
$string['report:show'] = 'Εμφάνιση';
$string['report:show_admitted'] = 'Επιτρέπεται';
$string['report:show_all'] = 'Όλοι οι φοιτητές';
$string['report:show_asks'] = 'Ζητούν χειροκίνητη έγκριση';
$string['report:show_held'] = 'Σε παύση';
$string['report:show_notyet'] = 'Χωρίς ταυτοποίηση';
$string['report:show_undecided'] = 'Με ειδοποιήσεις προς απόφαση';
$string['report:state'] = 'Κατάσταση';
$string['report:student'] = 'Φοιτητής';
$string['report:time'] = 'Ο χρόνος που χάθηκε σε μια παύση μπορεί να δοθεί πίσω με <a href="{$a}">παράκαμψη χρήστη</a>.';
$string['report:timeline'] = 'Ειδοποιήσεις';
$string['report:title'] = 'Ποιος εξετάστηκε';
$string['report:undecided'] = 'Χωρίς απόφαση';
$string['report:waits'] = 'Εγκρίθηκε εδώ· το Probity δεν το γνωρίζει ακόμη.';
$string['settings:address'] = 'Διεύθυνση του Probity';
$string['settings:address_desc'] = 'Εκεί όπου αυτός ο διακομιστής βρίσκει το Probity, για παράδειγμα https://probity.example.org. Πρέπει να είναι https, εκτός αν είναι αυτό το ίδιο το μηχάνημα.';
$string['settings:connection'] = 'Σύνδεση';
$string['settings:connection_desc'] = 'Ο διαχειριστής του Probity δημιουργεί μια σύνδεση για αυτόν τον ιστότοπο και σας δίνει μια διεύθυνση και ένα κλειδί. Αποθηκεύστε τα και μετά <a href="{$a}">δοκιμάστε τη σύνδεση</a>.';
$string['settings:connecttimeout'] = 'Αναμονή για σύνδεση';
$string['settings:connecttimeout_desc'] = 'Δευτερόλεπτα, το πολύ 10. Τόσο περιμένουν και οι φοιτητές.';
$string['settings:failure'] = 'Όταν το Probity δεν απαντά';
$string['settings:failure_desc'] = 'Κανείς δεν αρχίζει προσπάθεια όσο το Probity δεν απαντά, παρά μόνο με χειροκίνητη έγκριση. Οι προσπάθειες που έχουν αρχίσει συνεχίζονται για λίγο.';
$string['settings:outagegrace'] = 'Συνέχιση προσπαθειών για';
$string['settings:outagegrace_desc'] = 'Για τόσο χρόνο μετά την τελευταία απάντηση του Probity μια προσπάθεια που έχει αρχίσει συνεχίζεται με βάση εκείνη την απάντηση.';
$string['settings:publicaddress'] = 'Διεύθυνση για περιηγητές';
$string['settings:publicaddress_desc'] = 'Εκεί όπου οι περιηγητές βρίσκουν το Probity, αν δεν είναι η παραπάνω διεύθυνση.';
$string['settings:sitekey'] = 'Κλειδί αυτού του ιστότοπου';
$string['settings:sitekey_desc'] = 'Όπως το έδωσε ο διαχειριστής του Probity: αρχίζει με probity_. Φυλάσσεται κρυπτογραφημένο, υπογράφει βραχύβια διακριτικά και δεν αποστέλλεται ποτέ.';
$string['settings:timeout'] = 'Αναμονή για απάντηση';
$string['settings:timeout_desc'] = 'Δευτερόλεπτα για μια ολόκληρη κλήση, το πολύ 10.';
$string['standing_reason_camera_lost'] = 'η κάμερα σταμάτησε να λειτουργεί';
$string['standing_reason_capture_lost'] = 'το παράθυρο της κάμερας έμεινε κλειστό πολλή ώρα';
$string['standing_reason_expired'] = 'η ταυτοποίηση έληξε';
$string['standing_reason_none'] = 'δεν δόθηκε λόγος';
$string['standing_reason_not_yet'] = 'δεν έχει δείξει ακόμη ποιος είναι';
$string['standing_reason_other'] = '{$a}';
$string['standing_reason_other_person'] = 'κάποιος άλλος φάνηκε μπροστά στην κάμερα';
$string['standing_state_approved'] = 'εγκρίθηκε από το προσωπικό, χωρίς κάμερα';
$string['standing_state_identified'] = 'ταυτοποιήθηκε';
$string['standing_state_monitored'] = 'ταυτοποιήθηκε και παρακολουθείται τώρα';
$string['standing_state_not_identified'] = 'χωρίς ταυτοποίηση';
$string['standing_state_other'] = '{$a}';
$string['standing_state_paused'] = 'σε παύση, πρέπει να ταυτοποιηθεί πάλι';
$string['state_admitted'] = 'Μπορείτε να αρχίσετε.';
$string['state_approved'] = 'Σας ενέκρινε διδάσκων.';
$string['state_grace'] = 'Το παράθυρο της κάμερας δεν ακούγεται. Ανοίξτε το πάλι.';
$string['state_identified'] = 'Είστε εσείς. Μπορείτε να αρχίσετε.';
$string['state_monitored'] = 'Είστε εσείς. Το παράθυρο της κάμερας είναι ανοικτό.';
$string['state_unknown'] = 'Το Moodle δεν απαντά αυτή τη στιγμή. Αφήστε αυτή τη σελίδα ανοικτή: δοκιμάζει πάλι.';
$string['task:refresh'] = 'Ανταλλαγή καταστάσεων με το Probity και καθαρισμός';
$string['test:address'] = 'Διεύθυνση αυτού του ιστότοπου στο Probity';
$string['test:back'] = 'Πίσω στις ρυθμίσεις';
$string['test:blocked'] = 'Το ίδιο το Moodle απαγόρευσε την κλήση. Επιτρέψτε τον διακομιστή και τη θύρα του Probity στη Διαχείριση ιστοτόπου > Ασφάλεια > Ασφάλεια HTTP (λίστα αποκλεισμένων διακομιστών cURL, λίστα επιτρεπόμενων θυρών cURL).';
$string['test:clock'] = 'Διαφορά των ρολογιών';
$string['test:clock_bad'] = 'Τα ρολόγια αυτού του διακομιστή και του Probity διαφέρουν κατά {$a} δευτερόλεπτα. Τα διακριτικά ισχύουν 60 δευτερόλεπτα: ρυθμίστε τα ρολόγια.';
$string['test:clock_seconds'] = '{$a} δ';
$string['test:connection'] = 'Σύνδεση';
$string['test:differs'] = 'Το Probity έχει άλλη διεύθυνση για αυτόν τον ιστότοπο από εκείνη που έχει ο ίδιος ({$a}). Οι εκκινήσεις θα απορρίπτονται.';
$string['test:good'] = 'Συνδέθηκε. Το Probity γνωρίζει αυτόν τον ιστότοπο.';
$string['test:organisation'] = 'Οργανισμός';
$string['test:publicurl'] = 'Διεύθυνση για περιηγητές';
$string['test:refused'] = 'Το Probity αρνήθηκε: {$a}. Ελέγξτε το κλειδί, τη διεύθυνση αυτού του ιστότοπου στο Probity και τα δύο ρολόγια.';
$string['test:silent'] = 'Το Probity δεν απάντησε: {$a}';
$string['test:title'] = 'Δοκιμή της σύνδεσης με το Probity';
