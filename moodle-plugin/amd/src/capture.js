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
 * The capture window: opens it, finds it again from the next page, and hears what it says of itself.
 *
 * What it says is a hint for the student's eyes. Whether they are admitted is what Moodle's server answers, and nothing else.
 *
 * @module    quizaccess_probity/capture
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
define(['core/ajax'], function(Ajax) {
    'use strict';

    /** The window's name: the same from every page, so that there is one. */
    const NAME = 'probity-capture';

    /** Milliseconds without a word after which the window is taken for closed; it speaks every five seconds. */
    const SILENCE = 12000;

    /** Where the tab remembers that it has the capture in the page, since a second window was refused. */
    const FRAMED = 'quizaccess_probity_framed';

    /**
     * A call to one of the plugin's web-service functions.
     *
     * @param {String} name without the component
     * @param {Object} args
     * @return {Promise}
     */
    const call = (name, args) => Ajax.call([{methodname: 'quizaccess_probity_' + name, args: args}])[0];

    /**
     * Whether a window has no page yet. Of a page from elsewhere nothing can be read.
     *
     * @param {Window} opened
     * @return {Boolean}
     */
    const isBlank = (opened) => {
        try {
            return opened.location.href === 'about:blank';
        } catch {
            return false;
        }
    };

    /**
     * Makes the object that stands for the capture window on this page.
     *
     * @param {Object} config
     * @param {Number} config.cmid
     * @param {String} config.origin where the capture page is from; messages of others are not heard
     * @param {Element} config.frame where the capture goes if there may be no second window
     * @param {String} config.frametitle its title
     * @param {Function} config.onhint called with what the window says
     * @param {Function} config.onsilence called once when it is silent for too long
     * @return {Object}
     */
    const create = function(config) {
        let peer = null;
        let heard = Date.now();
        let silent = false;

        window.addEventListener('message', (event) => {
            if (event.origin !== config.origin || !event.data || event.data.source !== 'probity') {
                return;
            }
            peer = event.source;
            heard = Date.now();
            silent = false;
            config.onhint(event.data);
        });

        window.setInterval(() => {
            if (!silent && Date.now() - heard > SILENCE) {
                silent = true;
                peer = null;
                config.onsilence();
            }
        }, 1000);

        /**
         * The address with a fresh launch.
         *
         * @return {Promise}
         */
        const launch = () => call('get_launch', {cmid: config.cmid}).then((made) => made.url + '#launch=' + made.token);

        /**
         * Puts the capture into this page.
         *
         * @return {Promise}
         */
        const openFrame = () => launch().then((address) => {
            const frame = document.createElement('iframe');
            frame.name = NAME;
            frame.title = config.frametitle;
            frame.allow = 'camera; microphone';
            frame.src = address;
            frame.className = 'quizaccess_probity_frame';
            config.frame.replaceChildren(frame);
            window.sessionStorage.setItem(FRAMED, '1');
            heard = Date.now();
            silent = false;
            return null;
        });

        return {
            /**
             * Opens the capture, or brings it to the front. Call it from a click: otherwise browsers refuse the window.
             *
             * @return {Promise} rejected when Moodle gave no launch
             */
            open: function() {
                // Without an address the window that is there already stays as it is.
                const opened = window.open('', NAME, 'popup,width=480,height=720');
                if (!opened) {
                    return openFrame();
                }
                window.sessionStorage.removeItem(FRAMED);
                return launch().then((address) => {
                    // For the page that is open there only what is behind # changes: its camera goes on.
                    opened.location.replace(address);
                    opened.focus();
                    heard = Date.now();
                    silent = false;
                    return null;
                }).catch((error) => {
                    if (isBlank(opened)) {
                        opened.close();
                    }
                    throw error;
                });
            },

            /**
             * Whether the capture is in the page in this tab.
             *
             * @return {Boolean}
             */
            isFramed: () => window.sessionStorage.getItem(FRAMED) === '1',

            openFrame: openFrame,

            /**
             * Tells the capture that the attempt is over.
             */
            end: function() {
                window.sessionStorage.removeItem(FRAMED);
                if (peer) {
                    peer.postMessage({source: 'quizaccess_probity', end: true}, config.origin);
                }
            },
        };
    };

    return {call: call, create: create};
});
