package io.darkroom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the JDK that runs this process, to start other processes. */
public final class Jvm {
  /**
   * Since JDK 24 the JVM warns about libraries that load native code or use Unsafe without the last
   * two options; JDK 17 does not know the last one.
   */
  private static final List<String> QUIET =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private Jvm() {}

  /** The path of a program of the JDK. */
  public static String program(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /**
   * Returns the beginning of a command that starts a JVM, as a modifiable list. It contains the
   * options of the system property {@code darkroom.jvm.options}: short-lived workers need less time
   * with only the first compiler.
   */
  public static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(program("java"));
    command.addAll(QUIET);
    String options = System.getProperty("darkroom.jvm.options", "");
    if (!options.isEmpty()) {
      command.addAll(List.of(options.split(" ")));
    }
    return command;
  }
}
