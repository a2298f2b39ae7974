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
 * The pages of an attempt: a banner that says how things stand, and what to do when something is wrong.
 *
 * Answers stay in the page while the student is not admitted, and the server takes none: see hook_callbacks.
 *
 * @module    quizaccess_probity/monitor
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
define(['quizaccess_probity/capture', 'quizaccess_probity/approval'], function(Capture, Approval) {
    'use strict';

    /** Milliseconds between two questions to Moodle: all is well, something is wrong, the student may not go on. */
    const PAUSES = {well: 60000, wrong: 10000, held: 5000};

    /** Milliseconds between two questions that the capture window's words lead to. */
    const LEAST = 2000;

    const text = (key) => M.util.get_string(key, 'quizaccess_probity');

    /**
     * Makes an element.
     *
     * @param {String} tag
     * @param {Object} attributes
     * @param {Array} children
     * @return {Element}
     */
    const make = (tag, attributes, children = []) => {
        const element = document.createElement(tag);
        Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
        element.append(...children);
        return element;
    };

    /**
     * Makes the banner and puts it at the top of the page's content.
     *
     * @return {Object} its parts
     */
    const banner = () => {
        const words = make('span', {'data-region': 'words', 'role': 'status'});
        const clock = make('strong', {'data-region': 'clock', 'class': 'ms-2 ml-2', 'aria-live': 'off'});
        const open = make('button', {'type': 'button', 'class': 'btn btn-primary btn-sm', 'data-action': 'probity-open'},
            [text('capture:reopen')]);
        const frame = make('div', {'data-region': 'frame'});
        const approval = make('details', {'data-region': 'approval'}, [
            make('summary', {}, [text('approval:ask')]),
            make('label', {'for': 'quizaccess_probity_note'}, [text('approval:label')]),
            make('textarea', {'id': 'quizaccess_probity_note', 'class': 'form-control', 'rows': '2', 'maxlength': '1000'}),
            make('button', {'type': 'button', 'class': 'btn btn-secondary btn-sm', 'data-action': 'probity-approval'},
                [text('approval:send')]),
            make('p', {'data-region': 'approval-state', 'role': 'status'}),
        ]);
        const root = make('section', {
            'id': 'quizaccess_probity_banner',
            'class': 'quizaccess_probity_banner alert alert-info',
            'aria-label': text('banner:title'),
            'tabindex': '-1',
            'data-state': '',
            'data-admitted': '1',
        }, [make('div', {}, [words, clock]), open, frame, approval]);
        const main = document.querySelector('#region-main, [role="main"], main') || document.body;
        main.prepend(root);
        return {root: root, words: words, clock: clock, open: open, frame: frame, approval: approval};
    };

    /** Saves what was typed while it is still taken. */
    const save = () => {
        const autosave = M.mod_quiz && M.mod_quiz.autosave;
        if (autosave && autosave.form && autosave.dirty) {
            autosave.save_changes();
        }
    };

    /**
     * The banner of an attempt's page.
     *
     * @param {Object} config see init
     */
    const watch = (config) => {
        const parts = banner();
        const form = document.getElementById('responseform');
        let state = null;
        let offset = 0;
        let timer = null;
        let asked = 0;
        let last = '';
        let away = false;
        let failed = false;

        /** Shows how things stand. */
        const show = () => {
            const admitted = !state || state.admitted;
            const left = state && admitted && state.graceuntil ?
                Math.max(0, Math.round(state.graceuntil - offset - Date.now() / 1000)) : null;
            const wrong = left !== null || away && config.monitored && !(state && state.state === 'APPROVED');
            let words = state ? state.words : text('banner:admitted');
            if (admitted && wrong && left === null) {
                words = text('banner:away');
            } else if (!admitted) {
                words = state.words + ' ' + text('banner:held');
            }
            if (failed && (wrong || !admitted)) {
                words = text('capture:failed');
            }
            if (parts.words.textContent !== words) {
                parts.words.textContent = words;
            }
            parts.clock.textContent = left === null ? '' : M.util.get_string('banner:grace', 'quizaccess_probity', left);
            parts.root.dataset.state = state ? state.state : '';
            parts.root.dataset.admitted = admitted ? '1' : '0';
            parts.root.classList.toggle('alert-danger', !admitted);
            parts.root.classList.toggle('alert-warning', admitted && wrong);
            parts.root.classList.toggle('alert-info', admitted && !wrong);
            parts.open.hidden = admitted && !wrong;
            parts.approval.hidden = admitted && !wrong;
            if (form && form.inert === admitted) {
                form.inert = !admitted;
                if (!admitted) {
                    parts.root.focus();
                }
            }
            return admitted ? (wrong ? 'wrong' : 'well') : 'held';
        };

        /** Asks Moodle how things stand. */
        const ask = () => {
            window.clearTimeout(timer);
            asked = Date.now();
            Capture.call('get_state', {cmid: config.cmid}).then((answer) => {
                const lost = answer.graceuntil && !(state && state.graceuntil);
                offset = answer.time - Date.now() / 1000;
                state = answer;
                if (lost) {
                    save();
                }
                return null;
            }).catch(() => null).then(() => {
                window.clearTimeout(timer);
                timer = window.setTimeout(ask, PAUSES[show()]);
                return null;
            });
        };

        /** Asks soon. */
        const askSoon = () => {
            window.clearTimeout(timer);
            timer = window.setTimeout(ask, Math.max(0, asked + LEAST - Date.now()));
        };

        const capture = Capture.create({
            cmid: config.cmid,
            origin: config.origin,
            frame: parts.frame,
            frametitle: text('capture:frame'),
            onhint: (hint) => {
                const news = [hint.state, hint.admitted, hint.reason].join();
                const back = away;
                away = false;
                failed = false;
                if (news !== last || back) {
                    // The first word on a page is no news: the page came because the student is admitted.
                    const first = last === '' && hint.admitted !== false;
                    last = news;
                    show();
                    if (!first || back) {
                        askSoon();
                    }
                }
            },
            onsilence: () => {
                away = true;
                save();
                show();
                askSoon();
            },
        });

        parts.open.addEventListener('click', () => {
            failed = false;
            capture.open().then(askSoon).catch(() => {
                failed = true;
                show();
            });
        });
        Approval.serve(parts.root, config.cmid, askSoon);
        if (form) {
            form.addEventListener('submit', (event) => {
                if (form.inert) {
                    event.preventDefault();
                    event.stopImmediatePropagation();
                    parts.root.focus();
                }
            }, true);
        }
        if (capture.isFramed()) {
            capture.openFrame().catch(() => null);
        }
        window.setInterval(show, 1000);
        show();
        timer = window.setTimeout(ask, PAUSES.well);
    };

    /**
     * Ends the capture: the attempt is over.
     *
     * @param {Object} config see init
     */
    const end = (config) => {
        const capture = Capture.create({
            cmid: config.cmid,
            origin: config.origin,
            frame: null,
            frametitle: '',
            onhint: () => capture.end(),
            onsilence: () => null,
        });
    };

    return {
        /**
         * Serves a page of an attempt.
         *
         * @param {Object} config
         * @param {String} config.mode attempt, or end when the attempt is over
         * @param {Number} config.cmid
         * @param {Number} config.attempt the attempt under way, 0 for none
         * @param {String} config.origin of the capture page
         * @param {Boolean} config.monitored whether the quiz wants the capture to go on through the attempt
         */
        init: function(config) {
            if (config.mode === 'end') {
                // Of an older attempt's review, while another is under way, nothing ends.
                if (!config.attempt) {
                    end(config);
                }
            } else {
                watch(config);
            }
        },
    };
});
