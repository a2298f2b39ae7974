import { writeModules } from './amd.js';

// Builds what Moodle serves of the plugin's scripts: npm run moodle-plugin.
void writeModules();
