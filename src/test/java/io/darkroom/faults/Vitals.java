package io.darkroom.faults;

import io.darkroom.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Resources of a process at one time. Read from Linux's {@code /proc} and from the JVM's {@code
 * jcmd}.
 *
 * @param heap bytes after a collection
 * @param resident bytes of memory of the process, of native code too
 * @param threads of the process
 * @param files descriptors that are open
 * @param temporary bytes in its temporary folder
 * @param uncommitted records that its group has not committed
 */
record Vitals(long heap, long resident, int threads, int files, long temporary, long uncommitted) {
  /** One line with the G1 collector; one per generation with the serial one. */
  private static final Pattern HEAP =
      Pattern.compile("(?:heap|generation) +total \\d+K, used (\\d+)K");

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
  private static final long KIBI = 1024;

  static Vitals of(long pid, Path temporary, long uncommitted) throws Exception {
    jcmd(pid, "GC.run");
    Path process = Path.of("/proc", Long.toString(pid));
    String status = Files.readString(process.resolve("status"));
    return new Vitals(
        KIBI * sum(HEAP, jcmd(pid, "GC.heap_info")),
        KIBI * number(RESIDENT, status),
        (int) number(THREADS, status),
        count(process.resolve("fd")),
        bytes(temporary),
        uncommitted);
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException(pattern + " is not in: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  private static long sum(Pattern pattern, String text) {
    long sum =
        pattern.matcher(text).results().mapToLong(each -> Long.parseLong(each.group(1))).sum();
    if (sum == 0) {
      throw new IllegalStateException(pattern + " is not in: " + text);
    }
    return sum;
  }

  private static int count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return (int) entries.count();
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries.filter(Files::isRegularFile).mapToLong(Vitals::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException removed) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String jcmd(long pid, String command) throws Exception {
    Process process =
        new ProcessBuilder(Jvm.program("jcmd"), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }
}
