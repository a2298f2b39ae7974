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

namespace quizaccess_probity\output;

use moodle_page;
use quizaccess_probity\config;
use quizaccess_probity\gate;
use quizaccess_probity\local\address;
use quizaccess_probity\local\decision;

/**
 * The part of a form in which a student gets identified.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class identify {
    /** What the scripts of the plugin say (lang strings). */
    private const STRINGS = [
        'approval:ask', 'approval:failed', 'approval:label', 'approval:send', 'approval:sent', 'banner:admitted',
        'banner:away', 'banner:grace', 'banner:held', 'banner:title', 'capture:failed', 'capture:frame', 'capture:reopen',
        'identify:continuing', 'identify:ready', 'state_unknown',
    ];

    /**
     * The HTML, with the script that serves it.
     *
     * @param int $cmid
     * @param decision $decision
     * @param string $form selector of the form that is sent when the student is admitted
     * @param bool $continues whether it is sent by itself
     * @return string
     */
    public static function html(int $cmid, decision $decision, string $form, bool $continues): string {
        global $OUTPUT, $PAGE;
        $address = config::public_address();
        self::strings($PAGE);
        $PAGE->requires->js_call_amd('quizaccess_probity/identify', 'init', [[
            'cmid' => $cmid,
            'origin' => $address === null ? '' : address::origin($address),
            'form' => $form,
            'continues' => $continues,
        ]]);
        return $OUTPUT->render_from_template('quizaccess_probity/identify', [
            'admitted' => $decision->admitted,
            'state' => $decision->state,
            'words' => gate::words($decision),
            'canopen' => $address !== null,
            'approvalrequested' => $decision->admission->approvalrequested,
        ]);
    }

    /**
     * Gives a page the words of the scripts.
     *
     * @param moodle_page $page
     */
    public static function strings(moodle_page $page): void {
        $page->requires->strings_for_js(self::STRINGS, 'quizaccess_probity');
    }
}
