/** The commands of the program and their output. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.cli;
