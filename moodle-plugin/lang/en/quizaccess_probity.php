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
 * English strings of quizaccess_probity.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['approval:ask'] = 'I cannot use a camera';
$string['approval:explain'] = 'Ask your teachers to let you in without one. They see your request at once; this page goes on by itself when they have approved.';
$string['approval:failed'] = 'Your request could not be sent. Try again, or tell your teacher.';
$string['approval:label'] = 'What you want to tell them';
$string['approval:send'] = 'Ask for manual approval';
$string['approval:sent'] = 'You have asked for manual approval. Leave this page open.';
$string['banner:admitted'] = 'Identity check: all is well.';
$string['banner:away'] = 'The camera window is not heard. Open it again.';
$string['banner:grace'] = '{$a} s left';
$string['banner:held'] = 'Your answers stay on this page, and are saved when you can go on.';
$string['banner:title'] = 'Identity check';
$string['capture:failed'] = 'The camera window could not be opened just now. Try again in a moment, or ask for manual approval.';
$string['capture:frame'] = 'Camera';
$string['capture:open'] = 'Open the camera window';
$string['capture:reopen'] = 'Open the camera window again';
$string['description'] = 'Before you start, and during the attempt, this quiz checks that it is you. You need a camera, or ask for manual approval.';
$string['error:choice'] = 'Choose one of the offered values.';
$string['error:notasked'] = 'This quiz does not ask for identification.';
$string['error:notsetup'] = 'Probity is not set up on this site: its address or key is missing or wrong.';
$string['event:access_prevented'] = 'Answers held back';
$string['event:alert_reviewed'] = 'Alert decided';
$string['event:approval_decided'] = 'Manual approval decided';
$string['event:approval_requested'] = 'Manual approval requested';
$string['event:report_viewed'] = 'Identity report viewed';
$string['held:explain'] = 'They arrived while you could not go on, and lie in this page. Leave it open: they are sent by themselves as soon as you have been identified or approved.';
$string['held:send'] = 'Send my answers';
$string['held:title'] = 'Your answers are kept';
$string['identify:continuing'] = 'It is you. The quiz opens.';
$string['identify:ready'] = 'It is you. You can start now.';
$string['message:body'] = '{$a->student} cannot be identified by camera in the quiz "{$a->quiz}" and asks to be let in. What they say: {$a->note}';
$string['message:erasebody'] = 'User {$a} was to be erased, and nothing is left of them here. Probity still holds them: they have an account with a password there, which this site may not erase. They can erase it themselves, or Probity\'s administrator can: pass this on.';
$string['message:erasesubject'] = 'Probity did not erase user {$a}';
$string['message:subject'] = '{$a->student} asks for manual approval in {$a->quiz}';
$string['messageprovider:approvalrequest'] = 'A student asks for manual approval in a quiz';
$string['messageprovider:erasurerefused'] = 'Probity refuses to erase somebody';
$string['pluginname'] = 'Probity: who sits the exam';
$string['preflight:header'] = 'Show who you are';
$string['preflight:intro'] = 'Open the camera window, agree there to what is explained, and follow what it asks. Leave it open during the quiz. This page goes on by itself.';
$string['preflight:noscript'] = 'The camera needs JavaScript. Switch it on, or ask your teacher for manual approval.';
$string['preflight:privacy'] = 'Your face is compared with the pictures that you enrolled, by your university\'s own server. It asks for your consent first. To refuse costs you nothing: ask for manual approval.';
$string['privacy:metadata:probity'] = 'Probity, the university\'s own service that identifies students. The browser sends it pictures of the face; this site sends what is listed here.';
$string['privacy:metadata:probity:attempt'] = 'Number, begin and end of attempts';
$string['privacy:metadata:probity:email'] = 'E-mail address';
$string['privacy:metadata:probity:id'] = 'The number of the user on this site';
$string['privacy:metadata:probity:language'] = 'Language of the pages';
$string['privacy:metadata:probity:name'] = 'First and last name';
$string['privacy:metadata:probity:note'] = 'What a student or teacher writes about an approval or an alert';
$string['privacy:metadata:probity:quiz'] = 'The quiz, its course, and when it is open for the student';
$string['privacy:metadata:state'] = 'The last that Probity said of a student in a quiz, and what waits to be told to it.';
$string['privacy:metadata:state:approvalnote'] = 'What the teacher wrote when approving';
$string['privacy:metadata:state:approvedby'] = 'The teacher who approved';
$string['privacy:metadata:state:requestnote'] = 'What the student wrote when asking for manual approval';
$string['privacy:metadata:state:state'] = 'Whether the student was identified, and why not';
$string['privacy:metadata:state:timechecked'] = 'When Probity last said so';
$string['privacy:metadata:state:userid'] = 'The student';
$string['privacy:unreachable'] = 'Probity did not answer. Ask for this export again.';
$string['probity:approve'] = 'Approve students in quizzes without biometrics (Probity)';
$string['probity:decide'] = 'Decide on alerts and open the review page (Probity)';
$string['probity:exempt'] = 'Attempt quizzes without being identified (Probity)';
$string['probity:sync'] = 'Exchange states and changes with Probity';
$string['probity:viewreport'] = 'See who was verified in a quiz (Probity)';
$string['quiz:challenge'] = 'Ask for an active challenge';
$string['quiz:challenge_help'] = 'Before the identification the student turns the head, blinks or smiles, as asked. That makes it harder to pass with a photograph held before the camera; it does not rule it out.';
$string['quiz:enabled'] = 'Verify who sits this quiz';
$string['quiz:enabled_help'] = 'Students show who they are before they start, with their camera or by your manual approval. Whether they may start is decided by the server. Every alert is for you to look at: nothing is decided without a person.';
$string['quiz:frameinterval'] = 'Seconds between pictures';
$string['quiz:frameinterval_help'] = 'How often the student\'s face is compared. Pictures are kept only as evidence of an alert, and for a limited time.';
$string['quiz:grace'] = 'Time to repair';
$string['quiz:grace_help'] = 'For so long an attempt goes on after the camera window was lost. Then the student must show who they are again, or ask for your approval. Answers are kept.';
$string['quiz:header'] = 'Who sits the exam (Probity)';
$string['quiz:monitor'] = 'Go on verifying during the attempt';
$string['quiz:monitor_help'] = 'A small window with the camera stays open during the attempt. If it is closed or the camera fails the student sees what to do and has the time set below.';
$string['reason_camera_lost'] = 'The camera does not work any more. Look at its cable and at the browser\'s permission, then open the camera window again.';
$string['reason_capture_lost'] = 'The camera window was closed for too long. Open it again and show who you are.';
$string['reason_expired'] = 'Your identification has run out. Open the camera window and show who you are again.';
$string['reason_not_yet'] = 'You have not been identified yet. Open the camera window.';
$string['reason_other'] = 'You cannot go on just now. Open the camera window and follow what it says, or ask for manual approval.';
$string['reason_other_person'] = 'Somebody else was seen before the camera. Show who you are again, or ask for manual approval.';
$string['reason_unreachable'] = 'The service that identifies you does not answer. Wait a moment: this page tries again. If it lasts, ask for manual approval.';
$string['refusal_account_conflict'] = 'the e-mail address of the student, or yours, belongs to an account at Probity that this site may not use. Tell Probity\'s administrator; the capability to attempt quizzes without being identified lets the student in meanwhile';
$string['refusal_exam_state'] = 'the exam is over there';
$string['refusal_other'] = '{$a}';
$string['report:actions'] = 'Actions';
$string['report:admitted'] = 'admitted';
$string['report:alerts'] = 'Alerts to decide';
$string['report:approve'] = 'Approve without camera';
$string['report:asks'] = 'Asks for manual approval';
$string['report:asksnote'] = 'Asks for manual approval: {$a}';
$string['report:attempt'] = 'Attempt {$a}';
$string['report:attempts'] = 'Attempts';
$string['report:back'] = 'Back to the list of students';
$string['report:began'] = 'Began';
$string['report:confirm'] = 'Confirm';
$string['report:decide'] = 'Decide';
$string['report:decision'] = 'Decision';
$string['report:details'] = 'Timeline';
$string['report:dismiss'] = 'Dismiss';
$string['report:ended'] = 'Ended';
$string['report:failed'] = 'Probity did not answer. Nothing was changed: try again.';
$string['report:heard'] = 'Last heard';
$string['report:model'] = 'Model';
$string['report:never'] = 'never';
$string['report:noalerts'] = 'No alert. That is not a proof of anything: it says that nothing was noticed.';
$string['report:nomatch'] = 'No such student.';
$string['report:none'] = 'No student can take this quiz.';
$string['report:notadmitted'] = 'not admitted';
$string['report:note'] = 'Why';
$string['report:open'] = 'Identity report (Probity)';
$string['report:outage'] = 'Probity does not answer. What you see is the last that it said; you can approve students all the same.';
$string['report:refused'] = 'Probity refused, and nothing was changed: {$a}.';
$string['report:review'] = 'Open Probity\'s review page';
$string['report:revoke'] = 'Take approval back';
$string['report:revokedhere'] = 'Taken back here. Probity could not be told: if it knows of an approval, that one still counts. Try again.';
$string['report:saved'] = 'Saved.';
$string['report:savedhere'] = 'Saved here, and good for a day. Probity does not answer; it will be told as soon as it does.';
$string['report:score'] = 'Score and threshold';
$string['report:scores'] = '{$a->score} (threshold {$a->threshold})';
$string['report:search'] = 'Search students';
$string['report:show'] = 'Show';
$string['report:show_admitted'] = 'Admitted';
$string['report:show_all'] = 'All students';
$string['report:show_asks'] = 'Asking for manual approval';
$string['report:show_held'] = 'Held';
$string['report:show_notyet'] = 'Not identified';
$string['report:show_undecided'] = 'With alerts to decide';
$string['report:state'] = 'State';
$string['report:student'] = 'Student';
$string['report:time'] = 'Time lost by a pause can be given back with a <a href="{$a}">user override</a>.';
$string['report:timeline'] = 'Alerts';
$string['report:title'] = 'Who sat the quiz';
$string['report:undecided'] = 'Not decided';
$string['report:waits'] = 'Approved here; Probity does not know it yet.';
$string['settings:address'] = 'Address of Probity';
$string['settings:address_desc'] = 'Where this server reaches Probity, such as https://probity.example.org. It must be https, unless it is this machine itself.';
$string['settings:connection'] = 'Connection';
$string['settings:connection_desc'] = 'Probity\'s administrator makes a connection for this site and gives you an address and a key. Save them, then <a href="{$a}">test the connection</a>.';
$string['settings:connecttimeout'] = 'Wait for a connection';
$string['settings:connecttimeout_desc'] = 'Seconds, at most 10. Students wait as long.';
$string['settings:failure'] = 'When Probity does not answer';
$string['settings:failure_desc'] = 'Nobody starts an attempt while Probity does not answer, except with manual approval. Attempts under way go on for a time.';
$string['settings:outagegrace'] = 'Carry attempts on for';
$string['settings:outagegrace_desc'] = 'For so long after Probity\'s last answer an attempt under way goes on by that answer.';
$string['settings:publicaddress'] = 'Address for browsers';
$string['settings:publicaddress_desc'] = 'Where browsers reach Probity, if that is not the address above.';
$string['settings:sitekey'] = 'Key of this site';
$string['settings:sitekey_desc'] = 'As Probity\'s administrator gave it: it begins with probity_. It is kept encrypted, signs short-lived tokens, and is never sent.';
$string['settings:timeout'] = 'Wait for an answer';
$string['settings:timeout_desc'] = 'Seconds for a whole call, at most 10.';
$string['standing_reason_camera_lost'] = 'the camera stopped working';
$string['standing_reason_capture_lost'] = 'the camera window was closed for too long';
$string['standing_reason_expired'] = 'the identification has run out';
$string['standing_reason_none'] = 'no reason was given';
$string['standing_reason_not_yet'] = 'has not shown who they are yet';
$string['standing_reason_other'] = '{$a}';
$string['standing_reason_other_person'] = 'somebody else was seen before the camera';
$string['standing_state_approved'] = 'approved by staff, without camera';
$string['standing_state_identified'] = 'identified';
$string['standing_state_monitored'] = 'identified, and watched now';
$string['standing_state_not_identified'] = 'not identified';
$string['standing_state_other'] = '{$a}';
$string['standing_state_paused'] = 'paused, has to be identified again';
$string['state_admitted'] = 'You may start.';
$string['state_approved'] = 'A teacher has approved you.';
$string['state_grace'] = 'The camera window is not heard. Open it again.';
$string['state_identified'] = 'It is you. You may start.';
$string['state_monitored'] = 'It is you. The camera window is open.';
$string['state_unknown'] = 'Moodle does not answer just now. Leave this page open: it tries again.';
$string['task:refresh'] = 'Exchange states with Probity, and clean up';
$string['test:address'] = 'Address of this site at Probity';
$string['test:back'] = 'Back to the settings';
$string['test:blocked'] = 'Moodle itself forbade the call. Allow Probity\'s host and port under Site administration > Security > HTTP security (cURL blocked hosts list, cURL allowed ports list).';
$string['test:clock'] = 'Difference of the clocks';
$string['test:clock_bad'] = 'The clocks of this server and of Probity are {$a} seconds apart. Tokens are good for 60 seconds: set the clocks.';
$string['test:clock_seconds'] = '{$a} s';
$string['test:connection'] = 'Connection';
$string['test:differs'] = 'Probity has another address for this site than it has itself ({$a}). Launches will be refused.';
$string['test:good'] = 'Connected. Probity knows this site.';
$string['test:organisation'] = 'Organisation';
$string['test:publicurl'] = 'Address for browsers';
$string['test:refused'] = 'Probity refused: {$a}. Look at the key, at the address of this site at Probity, and at both clocks.';
$string['test:silent'] = 'Probity did not answer: {$a}';
$string['test:title'] = 'Test of the connection to Probity';
