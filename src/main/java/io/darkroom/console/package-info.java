/**
 * The console: a web page that shows running requests, results and failures, and can publish
 * requests. It reads only the topics and the store, so it works in a worker and as a separate
 * command.
 */
package io.darkroom.console;
