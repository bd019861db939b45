package io.darkroom.app.cli;

import picocli.CommandLine;

/**
 * The command {@code selftest} as a separate program, for machines without the client libraries of
 * the broker and the store.
 */
public final class SelfTestMain {

  private SelfTestMain() {}

  /** Runs the command and ends the process with its status. */
  public static void main(String[] args) {
    Main.silenceLogs();
    System.exit(Main.reporting(new CommandLine(new SelfTestCommand())).execute(args));
  }
}
