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
 * Asking for manual approval: the way without a camera.
 *
 * @module    quizaccess_probity/approval
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
define(['quizaccess_probity/capture'], function(Capture) {
    'use strict';

    const text = (key) => M.util.get_string(key, 'quizaccess_probity');

    return {
        /**
         * Serves the button in a part of the page.
         *
         * @param {Element} root holds the button, the note and the place where it is said how it went
         * @param {Number} cmid
         * @param {Function} sent called when the teachers can see it
         */
        serve: function(root, cmid, sent) {
            const button = root.querySelector('[data-action="probity-approval"]');
            const state = root.querySelector('[data-region="approval-state"]');
            button.addEventListener('click', () => {
                button.disabled = true;
                Capture.call('request_approval', {cmid: cmid, note: root.querySelector('textarea').value}).then(() => {
                    state.textContent = text('approval:sent');
                    sent();
                    return null;
                }).catch(() => {
                    state.textContent = text('approval:failed');
                }).then(() => {
                    button.disabled = false;
                    return null;
                });
            });
        },
    };
});
