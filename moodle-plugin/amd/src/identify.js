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
 * The form in which a student gets identified: before an attempt, and where answers are held during one.
 *
 * @module    quizaccess_probity/identify
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
define(['quizaccess_probity/capture', 'quizaccess_probity/approval'], function(Capture, Approval) {
    'use strict';

    /** Milliseconds between two questions to Moodle: a whole class may have this form before them at the same time. */
    const PAUSE = 10000;

    /** Milliseconds after a question that news led to: by then Moodle does not answer by what it knew before them. */
    const SOON = 4000;

    const text = (key) => M.util.get_string(key, 'quizaccess_probity');

    /**
     * Whether other rules want something from the student in this form.
     *
     * @param {Element} form
     * @param {Element} root
     * @return {Boolean}
     */
    const wantsInput = (form, root) => Array.from(form.querySelectorAll('input, select, textarea')).some((field) =>
        !root.contains(field) && !field.disabled && field.offsetParent !== null &&
        !['hidden', 'submit', 'button', 'reset'].includes(field.type));

    return {
        /**
         * Serves the form.
         *
         * @param {Object} config
         * @param {Number} config.cmid
         * @param {String} config.origin of the capture page, empty when there is none
         * @param {String} config.form selector of the form to send
         * @param {Boolean} config.continues whether it is sent by itself
         */
        init: function(config) {
            const root = document.getElementById('quizaccess_probity_preflight');
            const form = document.querySelector(config.form);
            if (!root || !form) {
                return;
            }
            const words = root.querySelector('[data-region="words"]');
            let timer = null;
            let heard = 0;
            let done = false;

            /**
             * Says something.
             *
             * @param {String} said
             */
            const say = (said) => {
                if (words.textContent !== said) {
                    words.textContent = said;
                }
            };

            /** The student is admitted: sends the form, or leaves that to them. */
            const proceed = () => {
                const button = form.querySelector('[name="submitbutton"]') || form.querySelector('[type="submit"]');
                if (!config.continues || wantsInput(form, root)) {
                    say(text('identify:ready'));
                    button.focus();
                    return;
                }
                say(text('identify:continuing'));
                button.click();
            };

            /** Asks Moodle how things stand. */
            const ask = () => {
                window.clearTimeout(timer);
                if (done) {
                    return;
                }
                // Not while the form cannot be seen: it lies in a dialogue that has not been opened.
                if (root.offsetParent === null || document.visibilityState === 'hidden' && !heard) {
                    timer = window.setTimeout(ask, PAUSE);
                    return;
                }
                Capture.call('get_state', {cmid: config.cmid}).then((state) => {
                    root.dataset.state = state.state;
                    root.dataset.admitted = state.admitted ? '1' : '0';
                    if (state.admitted && !done) {
                        done = true;
                        proceed();
                        return null;
                    }
                    say(state.words);
                    return null;
                }).catch(() => say(text('state_unknown'))).then(() => {
                    if (!done) {
                        window.clearTimeout(timer);
                        timer = window.setTimeout(ask, Date.now() - heard < SOON ? SOON : PAUSE);
                    }
                    return null;
                });
            };

            /** Something happened: asks at once. */
            const hear = () => {
                heard = Date.now();
                ask();
            };

            const open = root.querySelector('[data-action="probity-open"]');
            if (open) {
                let last = '';
                const capture = Capture.create({
                    cmid: config.cmid,
                    origin: config.origin,
                    frame: root.querySelector('[data-region="frame"]'),
                    frametitle: text('capture:frame'),
                    onhint: (hint) => {
                        if (hint.state !== last) {
                            last = hint.state;
                            hear();
                        }
                    },
                    onsilence: () => null,
                });
                open.addEventListener('click', () => {
                    capture.open().then(hear).catch(() => say(text('capture:failed')));
                });
            }
            Approval.serve(root, config.cmid, hear);
            timer = window.setTimeout(ask, PAUSE);
        },
    };
});
