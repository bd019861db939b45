package io.darkroom.app.cli;

import picocli.CommandLine;

/**
 * The command {@code selftest} alone, for machines that have neither the libraries of the broker
 * nor those of the store.
 */
public final class SelfTestMain {

  private SelfTestMain() {}

  /** Runs the command and ends the process with its status. */
  public static void main(String[] args) {
    Main.silenceLogs();
    System.exit(Main.reporting(new CommandLine(new SelfTestCommand())).execute(args));
  }
}
