/** The program's commands: render, models, selftest and run, and what they print. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.cli;
