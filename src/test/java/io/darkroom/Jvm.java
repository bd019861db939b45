package io.darkroom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the JDK that runs this one, for processes of their own. */
public final class Jvm {
  /**
   * From JDK 24 on a JVM warns of libraries that load native code or use Unsafe unless it is given
   * the last two; JDK 17 does not know the last one.
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
   * Returns the beginning of a command that starts a JVM; may be added to. Options of the system
   * property {@code darkroom.jvm.options} are in it: tests start many short-lived workers, which
   * use less time with the first compiler alone.
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
